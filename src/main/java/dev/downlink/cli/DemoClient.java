// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** An application as anybody may write one: it logs in for a token and registers a product and devices over REST. */
final class DemoClient implements AutoCloseable {
    static final String PRODUCT = "WaterMeter";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String endpoint;
    private Secret token = new Secret("");

    DemoClient(String endpoint) {
        this.endpoint = endpoint;
    }

    Secret token() {
        return token;
    }

    /** {@code POST /v3/auth/tokens} (northbound §8.5). */
    void logIn(Secret password) throws IOException, InterruptedException {
        JsonObject user = new JsonObject()
                .put("name", DemoProject.USER)
                .put("password", password.value())
                .put("domain", new JsonObject().put("name", DemoProject.DOMAIN));
        JsonObject identity = new JsonObject()
                .put("methods", new JsonArray().add("password"))
                .put("password", new JsonObject().put("user", user));
        JsonObject scope = new JsonObject().put("project", new JsonObject().put("id", DemoProject.PROJECT.value()));
        JsonObject auth = new JsonObject().put("identity", identity).put("scope", scope);
        HttpResponse<String> response = post("/v3/auth/tokens", new JsonObject().put("auth", auth));
        expect(response, Set.of(201));
        token = new Secret(response.headers().firstValue("X-Subject-Token").orElseThrow());
    }

    void makeProduct() throws IOException, InterruptedException {
        JsonObject value = new JsonObject()
                .put("para_name", "value")
                .put("data_type", "enum")
                .put("required", true)
                .put("enum_list", new JsonArray().add("ON").add("OFF"));
        JsonObject command = new JsonObject().put("command_name", "ON_OFF").put("paras", new JsonArray().add(value));
        JsonObject interval = new JsonObject()
                .put("property_name", "interval")
                .put("data_type", "int")
                .put("method", "RW")
                .put("min", "1")
                .put("max", "60");
        JsonObject service = new JsonObject()
                .put("service_id", PRODUCT)
                .put("service_type", PRODUCT)
                .put("properties", new JsonArray().add(interval))
                .put("commands", new JsonArray().add(command));
        JsonObject product = new JsonObject()
                .put("product_id", PRODUCT)
                .put("name", PRODUCT)
                .put("device_type", PRODUCT)
                .put("protocol_type", "MQTT")
                .put("data_format", "json")
                .put("service_capabilities", new JsonArray().add(service));
        makeOnce(products(), product);
    }

    /** Also sets the secret of a device that is there already. */
    void makeDevice(String node, Secret secret) throws IOException, InterruptedException {
        JsonObject device = new JsonObject()
                .put("node_id", node)
                .put("product_id", PRODUCT)
                .put("auth_info", new JsonObject().put("secret", secret.value()));
        makeOnce(devices(), device);
        JsonObject reset = new JsonObject().put("secret", secret.value());
        expect(post(devices() + '/' + device(node) + "/action?action_id=resetSecret", reset), Set.of(200));
    }

    static DeviceId device(String node) {
        return new DeviceId(PRODUCT + '_' + node);
    }

    /** Where commands to a device are posted (northbound §3.1). */
    String commands(String node) {
        return endpoint + devices() + '/' + device(node) + "/commands";
    }

    /** Where properties of a device are set and asked for (northbound §3.2). */
    String properties(String node) {
        return endpoint + devices() + '/' + device(node) + "/properties";
    }

    /** Sends the device a command and gives back the body of the answer, which is the device's. */
    String command(String node) throws IOException, InterruptedException {
        JsonObject command = new JsonObject()
                .put("service_id", PRODUCT)
                .put("command_name", "ON_OFF")
                .put("paras", new JsonObject().put("value", "ON"));
        HttpResponse<String> response = post(devices() + '/' + device(node) + "/commands", command);
        expect(response, Set.of(200));
        return response.body();
    }

    @Override
    public void close() {
        http.close();
    }

    private static String products() {
        return "/v5/iot/" + DemoProject.PROJECT + "/products";
    }

    private static String devices() {
        return "/v5/iot/" + DemoProject.PROJECT + "/devices";
    }

    private void makeOnce(String path, JsonObject body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        if (!response.body().contains("already exists")) {
            expect(response, Set.of(201));
        }
    }

    private HttpResponse<String> post(String path, JsonObject body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
        if (!token.value().isEmpty()) {
            request = request.header("X-Auth-Token", token.value());
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void expect(HttpResponse<String> response, Set<Integer> wanted) {
        if (!wanted.contains(response.statusCode())) {
            throw new IllegalStateException("the demo does not work: "
                    + response.uri().getPath() + " answered " + response.statusCode() + ' ' + response.body());
        }
    }
}
