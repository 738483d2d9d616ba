// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.Api;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Properties on real parts: set and asked for over REST, answered by a device over MQTT (northbound §3.2). */
class PropertyIT {
    private static final String SECRET = "a-device-secret";
    private static final String ANSWER = "{\"result_code\":7,\"more\":1.10}";

    private static TestGateway gateway;
    private static Api api;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("COMMANDS_TIMEOUT", "2s");
        api = gateway.project("project");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    @Test
    void simulatedDeviceTellsWhatItWasSet() {
        register("simulated");
        gateway.connect("Meter_simulated", SECRET);

        Api.Answer set = api.put(path("simulated"), interval(15));
        Api.Answer told = api.get(asked("simulated"));

        assertThat(set.status()).isEqualTo(200);
        assertThat(set.body().getString("request_id")).hasSize(36);
        assertThat(set.body().getJsonObject("response"))
                .isEqualTo(new JsonObject().put("result_code", 0).put("result_desc", "success"));
        JsonArray services = told.body().getJsonObject("response").getJsonArray("services");
        assertThat(services).hasSize(1);
        assertThat(services.getJsonObject(0).getString("service_id")).isEqualTo("WaterMeter");
        assertThat(services.getJsonObject(0).getJsonObject("properties"))
                .isEqualTo(new JsonObject().put("interval", 15));
    }

    @Test
    void subDeviceIsSetThroughItsGateway() {
        register("gateway");
        JsonObject child = new JsonObject()
                .put("product_id", "Meter")
                .put("node_id", "child")
                .put("gateway_id", "Meter_gateway");
        assertThat(api.post("/devices", child).status()).isEqualTo(201);
        try (TestDevice device = connect("gateway")) {
            CompletableFuture<Api.Answer> call =
                    api.later("PUT", path("child"), interval(15).encode());
            var publish = device.next();
            String topic = publish.getTopic().toString();
            device.publish(topic.replace("/set/", "/set/response/"), ANSWER);

            assertThat(call.join().body().getJsonObject("response")).isEqualTo(new JsonObject(ANSWER));
            assertThat(topic).startsWith("$oc/devices/Meter_gateway/sys/properties/set/request_id=");
            assertThat(topic).endsWith(call.join().body().getString("request_id"));
            assertThat(new JsonObject(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8)))
                    .isEqualTo(interval(15).put("object_device_id", "Meter_child"));
        }
    }

    @Test
    void answerOfAnotherKindIsNoAnswer() {
        register("confused");
        try (TestDevice device = connect("confused")) {
            CompletableFuture<Api.Answer> call = api.later("GET", asked("confused"), "");
            String request = device.nextCommand();

            device.answer(request, ANSWER);

            assertThat(call.join().status()).isEqualTo(200);
            assertThat(call.join().error()).isEqualTo("IOTDA.014111");
            assertThat(call.join().body().getString("request_id")).isEqualTo(request);
            assertThat(call.join().body().getString("error_msg")).contains("acknowledged it (PUBACK)");
        }
    }

    @Test
    void whatTheModelDoesNotAllowIsNotSent() {
        register("picky");

        Api.Answer outOfRange = api.put(path("picky"), interval(61));
        Api.Answer readOnly = api.put(path("picky"), properties(new JsonObject().put("reading", 1.5)));
        Api.Answer unknown = api.get(path("picky") + "?service_id=Nothing");

        for (Api.Answer answer : new Api.Answer[] {outOfRange, readOnly, unknown}) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.reason()).isEqualTo("model_violation");
        }
        assertThat(outOfRange.body().getString("error_msg")).contains("services[0].properties.interval");
        assertThat(readOnly.body().getString("error_msg")).contains("services[0].properties.reading is not writable");
    }

    @Test
    void deviceThatNeverConnectedIsNotOnline() {
        register("absent");

        Api.Answer set = api.put(path("absent"), interval(15));
        Api.Answer told = api.get(asked("absent"));

        assertThat(set.status()).isEqualTo(403);
        assertThat(set.error()).isEqualTo("IOTDA.014016");
        assertThat(told.reason()).isEqualTo("device_never_connected");
    }

    private static void register(String node) {
        assertThat(api.createDevice("Meter", node, SECRET).status()).isEqualTo(201);
    }

    private static TestDevice connect(String node) {
        return TestDevice.connect(gateway.port("mqtt"), "Meter_" + node, SECRET);
    }

    private static String path(String node) {
        return "/devices/Meter_" + node + "/properties";
    }

    private static String asked(String node) {
        return path(node) + "?service_id=WaterMeter";
    }

    private static JsonObject interval(int value) {
        return properties(new JsonObject().put("interval", value));
    }

    private static JsonObject properties(JsonObject values) {
        JsonObject service = new JsonObject().put("service_id", "WaterMeter").put("properties", values);
        return new JsonObject().put("services", new JsonArray().add(service));
    }
}
