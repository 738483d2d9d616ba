// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.sdk.ApplicationSdk.Reply;
import dev.downlink.support.Api;
import dev.downlink.support.Certificates;
import dev.downlink.support.GatewayProcess;
import dev.downlink.support.Signer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One gateway, one program on each SDK, shared by all tests of this package since their JVMs take seconds to start. */
final class Stage implements AutoCloseable {
    /** How long the gateway waits for a device: long enough for one on a busy machine. */
    private static final String COMMAND_TIMEOUT = "6s";

    private final Path directory = Path.of("target", "sdk", "stage");
    private final Path certificate;
    private final GatewayProcess gateway;
    private final ApplicationSdk application;
    private final DeviceSdk devices;

    private Stage() {
        try {
            Certificates server = Certificates.selfSigned("gateway.example");
            certificate =
                    server.writeCertificate(Files.createDirectories(directory).resolve("gateway.pem"));
            Path key = server.writeKey(directory.resolve("gateway.key"));
            gateway = GatewayProcess.fresh(
                    "sdk",
                    Map.of(
                            "COMMANDS_TIMEOUT", COMMAND_TIMEOUT,
                            "MQTTS_CERTIFICATE", certificate.toString(),
                            "MQTTS_KEY", key.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        application = new ApplicationSdk();
        devices = new DeviceSdk("devices");
    }

    /** Gives a test the stage, which ends with the last test. */
    static final class Entrance implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Stage.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Opening.class, _ -> new Opening(), Opening.class)
                    .stage();
        }
    }

    /** The one attempt to open the stage: when it fails, every test hears of it and none tries again. */
    private static final class Opening implements AutoCloseable {
        private final FutureTask<Stage> attempt = new FutureTask<>(Stage::new);

        Opening() {
            attempt.run();
        }

        Stage stage() {
            return attempt.state() == Future.State.SUCCESS ? attempt.resultNow() : failed();
        }

        @Override
        public void close() {
            if (attempt.state() == Future.State.SUCCESS) {
                attempt.resultNow().close();
            }
        }

        private Stage failed() {
            throw new AssertionError("the stage did not open", attempt.exceptionNow());
        }
    }

    record Registered(String id, String secret) {}

    GatewayProcess gateway() {
        return gateway;
    }

    DeviceSdk devices() {
        return devices;
    }

    /** Where the gateway's certificate lies, which is its own authority. */
    Path certificate() {
        return certificate;
    }

    Path directory() {
        return directory;
    }

    String tcp() {
        return "tcp://127.0.0.1:" + gateway.port("mqtt");
    }

    String ssl() {
        return "ssl://127.0.0.1:" + gateway.port("mqtts");
    }

    /** A client as most set it up: an endpoint and a project, which makes plain signatures. */
    JsonObject plainClient() {
        return JsonObject.of(
                "endpoint", gateway.http(),
                "access_key", GatewayProcess.ACCESS_KEY,
                "secret_key", GatewayProcess.SECRET_KEY,
                "project", GatewayProcess.PROJECT);
    }

    /** A client as for a dedicated instance of the original, which makes derived signatures. */
    JsonObject derivedClient() {
        return plainClient().put("region", "cn-north-4").put("derived", true);
    }

    Reply call(JsonObject client, String operation, JsonObject request) {
        return application.call(client, operation, request);
    }

    Reply call(String operation, JsonObject request) {
        return application.call(plainClient(), operation, request);
    }

    /** @param body of the command, for example with {@code service_id}, {@code command_name} and {@code paras} */
    Reply command(String device, JsonObject body) {
        return await(sendCommand(device, body));
    }

    /** A command that is in no model. */
    Reply command(String device, String name, Object... paras) {
        return command(device, free(name, paras));
    }

    /** @param body of the message, with {@code message} at least */
    Reply message(String device, JsonObject body) {
        return call("createMessage", JsonObject.of("device_id", device, "body", body));
    }

    /** A message as it is now. */
    JsonObject shownMessage(String device, String id) {
        return call("showDeviceMessage", JsonObject.of("device_id", device, "message_id", id))
                .body(200);
    }

    /** Adds a custom topic to a product, for which the SDK has no call. */
    void addTopic(String product, String topic) {
        Api api = new Api(
                gateway.http(),
                GatewayProcess.PROJECT,
                new Signer(GatewayProcess.ACCESS_KEY, GatewayProcess.SECRET_KEY));
        Api.Answer answer =
                api.post("/products/" + product + "/topics", JsonObject.of("topic", topic, "operation", "subscribe"));
        assertThat(answer.status()).isEqualTo(201);
    }

    int sendCommand(String device, JsonObject body) {
        return application.send(plainClient(), "createCommand", JsonObject.of("device_id", device, "body", body));
    }

    Reply await(int call) {
        return application.await(call);
    }

    static JsonObject free(String name, Object... paras) {
        JsonObject values = new JsonObject();
        for (int i = 0; i < paras.length; i += 2) {
            values.put((String) paras[i], paras[i + 1]);
        }
        return JsonObject.of("command_name", name, "paras", values);
    }

    /** Makes a product whose service WaterMeter has the command ON_OFF with one parameter and two properties. */
    void createWaterMeter(String product) {
        JsonObject value = JsonObject.of("para_name", "value", "data_type", "string", "required", true)
                .put("enum_list", JsonArray.of("ON", "OFF"))
                .put("max_length", 8);
        JsonObject command = JsonObject.of("command_name", "ON_OFF", "paras", JsonArray.of(value));
        JsonObject interval = JsonObject.of("property_name", "interval", "data_type", "int", "method", "RW");
        JsonObject reading = JsonObject.of("property_name", "reading", "data_type", "decimal", "method", "RE");
        JsonObject service = JsonObject.of("service_id", "WaterMeter", "service_type", "WaterMeter")
                .put("properties", JsonArray.of(interval, reading))
                .put("commands", JsonArray.of(command));
        JsonObject body = JsonObject.of("product_id", product, "name", product, "device_type", "WaterMeter")
                .put("protocol_type", "MQTT")
                .put("data_format", "json")
                .put("service_capabilities", JsonArray.of(service));
        JsonObject _ = call("createProduct", JsonObject.of("body", body)).body(201);
    }

    Registered addDevice(String product, String node) {
        return addDevice(JsonObject.of("product_id", product, "node_id", node));
    }

    Registered addDevice(JsonObject body) {
        JsonObject added = call("addDevice", JsonObject.of("body", body)).body(201);
        return new Registered(
                added.getString("device_id"), added.getJsonObject("auth_info").getString("secret"));
    }

    @Override
    public void close() {
        application.close();
        devices.close();
        gateway.close();
    }
}
