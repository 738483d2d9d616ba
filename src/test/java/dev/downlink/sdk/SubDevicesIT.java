// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.sdk.Stage.Registered;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sub-devices behind a gateway on the device SDK (southbound §6). */
@ExtendWith(Stage.Entrance.class)
class SubDevicesIT {
    private static final String PRODUCT = "Nested";

    private final Stage stage;

    SubDevicesIT(Stage stage) {
        this.stage = stage;
    }

    @BeforeAll
    static void createProduct(Stage stage) {
        stage.createWaterMeter(PRODUCT);
    }

    @Test
    void gatewayAnswersForItsSubDevice() {
        Registered gateway = stage.addDevice(PRODUCT, "gateway");
        String child = addChild("child", gateway.id());
        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        JsonObject answer = stage.command(child, "READ", "register", 12).body(200);

        JsonObject received = stage.devices().hear("command", gateway.id());
        assertThat(answer.getJsonObject("response").getJsonObject("paras")).isEqualTo(JsonObject.of("register", 12));
        assertThat(received.getString("target")).isEqualTo(child);
        assertThat(received.getString("request")).isEqualTo(answer.getString("command_id"));
    }

    @Test
    void childOfASubDeviceIsReachedThroughTheGatewayThatIsConnected() {
        Registered gateway = stage.addDevice(PRODUCT, "top");
        String middle = addChild("middle", gateway.id());
        String bottom = addChild("bottom", middle);
        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        JsonObject answer = stage.command(bottom, "READ", "register", 13).body(200);

        JsonObject received = stage.devices().hear("command", gateway.id());
        assertThat(answer.getJsonObject("response").getJsonObject("paras")).isEqualTo(JsonObject.of("register", 13));
        assertThat(received.getString("target")).isEqualTo(bottom);
    }

    @Test
    void subDeviceOfAnOfflineGatewayCannotBeReached() {
        Registered gateway = stage.addDevice(PRODUCT, "offline-gateway");
        String child = addChild("unreachable", gateway.id());

        stage.command(child, "READ").failedWith(400, "IOTDA.014028");
    }

    @Test
    void subDeviceNamesItsGateway() {
        Registered gateway = stage.addDevice(PRODUCT, "parent");
        String child = addChild("named", gateway.id());

        JsonObject shown =
                stage.call("showDevice", JsonObject.of("device_id", child)).body(200);

        assertThat(shown.getString("gateway_id")).isEqualTo(gateway.id());
        assertThat(shown.getString("node_type")).isEqualTo("ENDPOINT");
        stage.call("freezeDevice", JsonObject.of("device_id", child)).failedWith(403, "IOTDA.014038");
    }

    @Test
    void gatewayLearnsAtItsConnectWhatItHasMissed() {
        Registered gateway = stage.addDevice(PRODUCT, "syncing");
        String first = addChild("sync-1", gateway.id());
        String below = addChild("sync-2", first);

        assertThat(stage.devices().connectGateway(gateway, stage.tcp(), 37)).isZero();

        JsonObject heard = stage.devices().hear("children", gateway.id());
        assertThat(heard.getJsonArray("added")).isEqualTo(JsonArray.of(first, below));
    }

    @Test
    void connectedGatewayHearsOfWhatIsAddedAndDeleted() {
        Registered gateway = stage.addDevice(PRODUCT, "hearing");
        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        String child = addChild("heard", gateway.id());
        JsonObject added = stage.devices().hear("children", gateway.id());
        JsonObject _ =
                stage.call("deleteDevice", JsonObject.of("device_id", child)).body(204);
        JsonObject removed = stage.devices().hear("children", gateway.id());

        assertThat(added.getJsonArray("added")).isEqualTo(JsonArray.of(child));
        assertThat(removed.getJsonArray("removed")).isEqualTo(JsonArray.of(child));
    }

    @Test
    void statusOfASubDeviceIsWhatItsGatewaySaysAndStays() {
        Registered gateway = stage.addDevice(PRODUCT, "saying");
        String child = addChild("said", gateway.id());
        assertThat(status(child)).isEqualTo("INACTIVE");
        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        JsonObject answer = stage.devices().reportStatus(gateway.id(), child, "ONLINE");

        assertThat(answer.getString("type")).isEqualTo("sub_device_update_status_response");
        assertThat(answer.getString("id")).isNotEmpty();
        assertThat(answer.getJsonObject("paras").getJsonArray("successful_devices"))
                .isEqualTo(JsonArray.of(JsonObject.of("device_id", child, "status", "ONLINE")));
        assertThat(status(child)).isEqualTo("ONLINE");
        JsonObject _ = stage.devices().reportStatus(gateway.id(), child, "OFFLINE");
        assertThat(status(child)).isEqualTo("OFFLINE");
    }

    @Test
    void gatewaySpeaksOnlyForItsOwn() {
        Registered gateway = stage.addDevice(PRODUCT, "fenced");
        Registered another = stage.addDevice(PRODUCT, "beyond");
        String foreign = addChild("foreign", another.id());
        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        JsonObject answer = stage.devices().reportStatus(gateway.id(), foreign, "ONLINE");
        JsonObject deleted = stage.devices().delete(gateway.id(), foreign, "e-1");

        JsonObject failed =
                answer.getJsonObject("paras").getJsonArray("failed_devices").getJsonObject(0);
        assertThat(failed.getString("error_code")).isEqualTo("IOTDA.014000");
        assertThat(status(foreign)).isEqualTo("INACTIVE");
        assertThat(deleted.getJsonArray("done")).isEmpty();
        assertThat(deleted.getJsonArray("failed").getJsonObject(0).getString("device_id"))
                .isEqualTo(foreign);
    }

    @Test
    void gatewayRegistersAndDeletesSubDevicesItself() {
        Registered gateway = stage.addDevice(PRODUCT, "adding");
        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        JsonObject added = stage.devices().add(gateway.id(), "own", PRODUCT, "e-1");
        JsonObject twice = stage.devices().add(gateway.id(), "own", PRODUCT, "e-2");
        JsonObject shown = stage.call("showDevice", JsonObject.of("device_id", PRODUCT + "_own"))
                .body(200);
        JsonObject deleted = stage.devices().delete(gateway.id(), PRODUCT + "_own", "e-3");

        assertThat(added.getString("id")).isEqualTo("e-1");
        assertThat(added.getJsonArray("done")).isEqualTo(JsonArray.of(PRODUCT + "_own"));
        assertThat(twice.getJsonArray("failed").getJsonObject(0).getString("error_code"))
                .isEqualTo("IOTDA.014031");
        assertThat(shown.getString("gateway_id")).isEqualTo(gateway.id());
        assertThat(deleted.getJsonArray("done")).isEqualTo(JsonArray.of(PRODUCT + "_own"));
        stage.call("showDevice", JsonObject.of("device_id", PRODUCT + "_own")).failedWith(404, "IOTDA.014000");
    }

    @Test
    void messagesThatWaitGoAlongToTheNewGateway() {
        Registered from = stage.addDevice(PRODUCT, "from");
        Registered to = stage.addDevice(PRODUCT, "to");
        String child = addChild("moving", from.id());
        String below = addChild("moving-below", child);
        JsonObject _ = stage.message(below, JsonObject.of("message", "hello", "message_id", "m-1"))
                .body(201);
        assertThat(stage.devices().connectGateway(to, stage.tcp())).isZero();

        JsonObject _ = stage.call(
                        "changeGateway",
                        JsonObject.of("device_id", child, "body", JsonObject.of("gateway_id", to.id())))
                .body(204);

        JsonObject message = stage.devices().hear("message", to.id());
        JsonObject children = stage.devices().hear("children", to.id());
        assertThat(message.getString("target")).isEqualTo(below);
        assertThat(message.getString("id")).isEqualTo("m-1");
        assertThat(children.getJsonArray("added")).isEqualTo(JsonArray.of(child, below));
        assertThat(stage.command(below, "READ", "register", 14).body(200).getString("command_id"))
                .isNotEmpty();
    }

    @Test
    void deviceAsksForTheTime() {
        Registered device = stage.addDevice(PRODUCT, "clock");
        assertThat(stage.devices().connectListener(device, stage.tcp())).isZero();

        JsonObject time = stage.devices().askTheTime(device.id());

        assertThat(time.getLong("sent")).isPositive();
        assertThat(time.getLong("received")).isPositive();
        assertThat(time.getLong("answered")).isGreaterThanOrEqualTo(time.getLong("received"));
    }

    @Test
    void whatADeviceRunsIsShown() {
        Registered device = stage.addDevice(PRODUCT, "versions");
        assertThat(stage.devices().connectListener(device, stage.tcp())).isZero();

        stage.devices().reportVersions(device.id(), "sw-2", "fw-3");

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(shown(device.id()).getString("sw_version")).isEqualTo("sw-2"));
        assertThat(shown(device.id()).getString("fw_version")).isEqualTo("fw-3");
        assertThat(shown(device.id()).getString("device_sdk_version")).contains("1.2.1");
    }

    private JsonObject shown(String device) {
        return stage.call("showDevice", JsonObject.of("device_id", device)).body(200);
    }

    private String status(String device) {
        return shown(device).getString("status");
    }

    private String addChild(String node, String gateway) {
        return stage.addDevice(JsonObject.of("product_id", PRODUCT, "node_id", node, "gateway_id", gateway))
                .id();
    }
}
