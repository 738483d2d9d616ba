// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.sdk.Stage.Registered;
import io.vertx.core.json.JsonObject;
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

    private String addChild(String node, String gateway) {
        return stage.addDevice(JsonObject.of("product_id", PRODUCT, "node_id", node, "gateway_id", gateway))
                .id();
    }
}
