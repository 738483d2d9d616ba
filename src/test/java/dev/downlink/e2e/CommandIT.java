// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.Gateway;
import dev.downlink.config.Settings;
import dev.downlink.e2e.Application.Reply;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.SimulatedDevice;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The main job on real parts: a signed request goes to a device over MQTT, and its answer comes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandIT {
    private static final String SECRET = "device-secret";
    private static final JsonObject SWITCH_ON = command("ON");

    private final Vertx vertx = Vertx.vertx();
    private Path dataDir;
    private Gateway gateway;
    private Application application;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException, InterruptedException {
        dataDir = directory;
        Settings settings = TestSettings.of(
                "DATA_DIR", dataDir.toString(),
                "DATABASE_URI", TestDatabase.fresh().value(),
                "HTTP_PORT", "0",
                "MQTT_PORT", "0",
                "COMMANDS_TIMEOUT", "2s",
                "BOOTSTRAP_PROJECT", "p1",
                "BOOTSTRAP_ACCESS_KEY", "AK",
                "BOOTSTRAP_SECRET_KEY", "a-secret-key-of-the-application");
        gateway = Gateway.start(settings);
        application = new Application(gateway.ports().get("http"), "AK", "a-secret-key-of-the-application");
        assertThat(application.post("/v5/iot/p1/products", product()).status()).isEqualTo(201);
    }

    @AfterAll
    void stop() {
        application.close();
        gateway.close();
        vertx.close().await();
    }

    @Test
    void theDevicesAnswerComesBack() throws IOException, InterruptedException {
        register("answers");
        SimulatedDevice device = device("answers");
        device.start().await();

        Reply reply = send("answers", SWITCH_ON);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().getString("command_id")).hasSize(36);
        assertThat(reply.body().getJsonObject("response")).isEqualTo(new JsonObject("""
            {"result_code": 0, "response_name": "COMMAND_RESPONSE",
             "paras": {"command_name": "ON_OFF", "received": {"value": "ON"},
                       "device": "WaterMeter_answers", "answered": 1}}\
            """));
        device.stop().await();
    }

    @Test
    void aDeviceThatNeverConnectedIsNotOnline() throws IOException, InterruptedException {
        register("absent");

        Reply reply = send("absent", SWITCH_ON);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body().getString("error_code")).isEqualTo("IOTDA.014016");
    }

    @Test
    void whatTheModelDoesNotKnowIsNotSent() throws IOException, InterruptedException {
        register("picky");

        Reply reply = send("picky", command("PERHAPS"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().getString("error_msg")).contains("paras.value");
    }

    @Test
    void theRunningGatewayTellsItsPorts() throws IOException {
        JsonObject ports = new JsonObject(Files.readString(dataDir.resolve("ports.json")));

        assertThat(ports.getMap())
                .containsEntry("http", gateway.ports().get("http"))
                .containsKey("mqtt");
    }

    @Test
    void aRunningGatewayIsReady() throws IOException, InterruptedException {
        assertThat(application.get("/health/ready").status()).isEqualTo(200);
    }

    private Reply send(String node, JsonObject command) throws IOException, InterruptedException {
        return application.post("/v5/iot/p1/devices/WaterMeter_" + node + "/commands", command);
    }

    private void register(String node) throws IOException, InterruptedException {
        JsonObject device = new JsonObject()
                .put("node_id", node)
                .put("product_id", "WaterMeter")
                .put("auth_info", new JsonObject().put("secret", SECRET));
        assertThat(application.post("/v5/iot/p1/devices", device).status()).isEqualTo(201);
    }

    private SimulatedDevice device(String node) {
        return new SimulatedDevice(
                vertx,
                new SimulatedDevice.Gate("127.0.0.1", gateway.ports().get("mqtt")),
                new DeviceId("WaterMeter_" + node),
                new Secret(SECRET),
                InstantSource.system());
    }

    private static JsonObject command(String value) {
        return new JsonObject()
                .put("service_id", "WaterMeter")
                .put("command_name", "ON_OFF")
                .put("paras", new JsonObject().put("value", value));
    }

    private static JsonObject product() {
        return new JsonObject("""
            {"product_id": "WaterMeter", "name": "WaterMeter", "device_type": "WaterMeter",
             "protocol_type": "MQTT", "data_format": "json",
             "service_capabilities": [{"service_id": "WaterMeter", "service_type": "WaterMeter",
               "commands": [{"command_name": "ON_OFF", "paras": [{"para_name": "value", "data_type": "enum",
                 "required": true, "enum_list": ["ON", "OFF"]}]}]}]}\
            """);
    }
}
