// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.sdk.ApplicationSdk.Reply;
import dev.downlink.sdk.Stage.Registered;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Properties between the application SDK and the device SDK (northbound §3.2, southbound §2.5 and §5). */
@ExtendWith(Stage.Entrance.class)
class PropertyIT {
    private static final String PRODUCT = "Set";
    /** The listener does not answer to it. */
    private static final int SILENCE = -1;

    private static Registered meter;

    private final Stage stage;

    PropertyIT(Stage stage) {
        this.stage = stage;
    }

    @BeforeAll
    static void connect(Stage stage) {
        stage.createWaterMeter(PRODUCT);
        meter = stage.addDevice(PRODUCT, "meter");
        assertThat(stage.devices().connectListener(meter, stage.tcp())).isZero();
    }

    @Test
    void answerToASetComesBackAsItIs() {
        JsonObject answer = set(meter.id(), "interval", 15).body(200);

        JsonObject received = stage.devices()
                .hear("set", meter.id(), e -> e.getString("request").equals(answer.getString("request_id")));
        assertThat(answer.getJsonObject("response"))
                .isEqualTo(JsonObject.of("result_code", 0, "result_desc", "Success"));
        assertThat(received.getJsonArray("services").getJsonObject(0).getString("service_id"))
                .isEqualTo("WaterMeter");
        assertThat(received.getJsonArray("services").getJsonObject(0).getJsonObject("properties"))
                .isEqualTo(JsonObject.of("interval", 15));
    }

    @Test
    void answerToAGetComesBackAsItIs() {
        JsonObject answer = get(meter.id()).body(200);

        JsonObject received = stage.devices().hear("get", meter.id());
        assertThat(received.getString("request")).isEqualTo(answer.getString("request_id"));
        assertThat(received.getString("service")).isEqualTo("WaterMeter");
        assertThat(services(answer).getJsonObject(0).getJsonObject("properties"))
                .isEqualTo(JsonObject.of("told", true));
    }

    @Test
    void deviceOfTheThingModelTellsWhatItWasSet() {
        Registered thing = stage.addDevice(PRODUCT, "thing");
        assertThat(stage.devices().connectModel(thing, stage.tcp())).isZero();

        JsonObject set = set(thing.id(), "interval", 30).body(200);
        JsonObject told = get(thing.id()).body(200);

        assertThat(set.getJsonObject("response").getInteger("result_code")).isZero();
        assertThat(services(told).getJsonObject(0).getJsonObject("properties"))
                .isEqualTo(JsonObject.of("interval", 30));
    }

    @Test
    void gatewayAnswersForItsSubDevice() {
        Registered gateway = stage.addDevice(PRODUCT, "gateway");
        String child = stage.addDevice(
                        JsonObject.of("product_id", PRODUCT, "node_id", "child", "gateway_id", gateway.id()))
                .id();
        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        JsonObject set = set(child, "interval", 45).body(200);
        JsonObject told = get(child).body(200);

        assertThat(set.getJsonObject("response").getInteger("result_code")).isZero();
        assertThat(stage.devices().hear("set", gateway.id()).getString("target"))
                .isEqualTo(child);
        assertThat(services(told).getJsonObject(0).getString("service_id")).isEqualTo("WaterMeter");
    }

    @Test
    void silentDeviceTimesOut() {
        JsonObject answer = set(meter.id(), "interval", SILENCE).body(200);

        assertThat(answer.getString("error_code")).isEqualTo("IOTDA.014111");
        assertThat(answer.getString("error_msg")).startsWith("Command request timed out.");
        assertThat(answer.getString("request_id")).hasSize(36);
        assertThat(answer.containsKey("response")).isFalse();
    }

    @Test
    void propertyThatIsNotWritableIsNotSent() {
        set(meter.id(), "reading", 1).failedWith(400, "IOTDA.000006");
    }

    @Test
    void deviceThatIsNotConnectedIsOffline() {
        Registered absent = stage.addDevice(PRODUCT, "absent");

        set(absent.id(), "interval", 15).failedWith(403, "IOTDA.014016");
        get(absent.id()).failedWith(403, "IOTDA.014016");
    }

    private Reply set(String device, String property, int value) {
        JsonObject service = JsonObject.of("service_id", "WaterMeter", "properties", JsonObject.of(property, value));
        JsonObject body = JsonObject.of("services", JsonArray.of(service));
        return stage.call("updateProperties", JsonObject.of("device_id", device, "body", body));
    }

    private Reply get(String device) {
        return stage.call("listProperties", JsonObject.of("device_id", device, "service_id", "WaterMeter"));
    }

    private static JsonArray services(JsonObject answer) {
        assertThat(answer.getJsonObject("response"))
                .as("response in %s", answer)
                .isNotNull();
        return answer.getJsonObject("response").getJsonArray("services");
    }
}
