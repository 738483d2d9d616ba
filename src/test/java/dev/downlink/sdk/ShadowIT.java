// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.sdk.ApplicationSdk.Reply;
import dev.downlink.sdk.Stage.Registered;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shadow between the application SDK and the device SDK (northbound §3.3, southbound §2.6). */
@ExtendWith(Stage.Entrance.class)
class ShadowIT {
    private static final String PRODUCT = "Shadow";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Stage stage;

    ShadowIT(Stage stage) {
        this.stage = stage;
    }

    @BeforeAll
    static void product(Stage stage) {
        stage.createWaterMeter(PRODUCT);
    }

    @Test
    void wishForADeviceThatIsNotThereIsToldWhenItConnects() {
        Registered absent = stage.addDevice(PRODUCT, "absent");

        JsonObject stored = wish(absent.id(), 15, 0);
        assertThat(stage.devices().connectListener(absent, stage.tcp())).isZero();

        assertThat(stored.getString("device_id")).isEqualTo(absent.id());
        assertThat(service(stored).getInteger("version")).isEqualTo(1);
        assertThat(service(stored).getJsonObject("desired").getJsonObject("properties"))
                .isEqualTo(JsonObject.of("interval", 15));
        assertThat(interval(stage.devices().hear("set", absent.id()))).isEqualTo(15);
    }

    @Test
    void wishForAConnectedDeviceIsToldAtOnceAndItsReportIsShown() {
        Registered meter = stage.addDevice(PRODUCT, "meter");
        assertThat(stage.devices().connectListener(meter, stage.tcp())).isZero();

        wish(meter.id(), 15, null);
        assertThat(interval(stage.devices().hear("set", meter.id()))).isEqualTo(15);
        report(meter.id(), JsonObject.of("interval", 15, "reading", 7.25));

        awaitReported(meter.id(), JsonObject.of("interval", 15, "reading", 7.25));
        assertThat(service(show(meter.id())).getInteger("version")).isEqualTo(2);
    }

    @Test
    void deviceThatReportsSomethingElseIsToldAgain() {
        Registered stubborn = stage.addDevice(PRODUCT, "stubborn");
        wish(stubborn.id(), 15, null);
        assertThat(stage.devices().connectListener(stubborn, stage.tcp())).isZero();
        assertThat(interval(stage.devices().hear("set", stubborn.id()))).isEqualTo(15);
        report(stubborn.id(), JsonObject.of("interval", 15));
        awaitReported(stubborn.id(), JsonObject.of("interval", 15));

        report(stubborn.id(), JsonObject.of("interval", 20));

        assertThat(interval(stage.devices().hear("set", stubborn.id()))).isEqualTo(15);
    }

    @Test
    void deviceOfTheThingModelBecomesWhatIsWanted() {
        Registered thing = stage.addDevice(PRODUCT, "thing");
        assertThat(stage.devices().connectModel(thing, stage.tcp())).isZero();

        wish(thing.id(), 30, null);

        awaitReported(thing.id(), JsonObject.of("interval", 30));
    }

    @Test
    void wishForASubDeviceGoesThroughItsGateway() {
        Registered gateway = stage.addDevice(PRODUCT, "gateway");
        String child = stage.addDevice(
                        JsonObject.of("product_id", PRODUCT, "node_id", "child", "gateway_id", gateway.id()))
                .id();
        wish(child, 45, null);

        assertThat(stage.devices().connectGateway(gateway, stage.tcp())).isZero();

        JsonObject set = stage.devices().hear("set", gateway.id());
        assertThat(set.getString("target")).isEqualTo(child);
        assertThat(interval(set)).isEqualTo(45);
    }

    @Test
    void deviceSeesItsOwnShadow() {
        Registered curious = stage.addDevice(PRODUCT, "curious");
        assertThat(stage.devices().connectListener(curious, stage.tcp())).isZero();
        wish(curious.id(), 15, null);

        JsonArray services = stage.devices().shadow(curious.id());

        assertThat(services).hasSize(1);
        JsonObject service = services.getJsonObject(0);
        assertThat(service.getString("service_id")).isEqualTo("WaterMeter");
        assertThat(service.getInteger("version")).isEqualTo(1);
        assertThat(service.getJsonObject("desired").getJsonObject("properties"))
                .isEqualTo(JsonObject.of("interval", 15));
    }

    @Test
    void wishIsTakenBack() {
        Registered device = stage.addDevice(PRODUCT, "relieved");
        wish(device.id(), 15, null);

        JsonObject _ = change(device.id(), new JsonObject(), null).body(200);

        assertThat(service(show(device.id())).getJsonObject("desired")).isNull();
        assertThat(service(show(device.id())).getInteger("version")).isEqualTo(2);
    }

    @Test
    void whatCannotBeIsRefused() {
        Registered device = stage.addDevice(PRODUCT, "refused");
        wish(device.id(), 15, 0);

        change(device.id(), interval(30), 0).failedWith(409, "IOTDA.900208");
        change(device.id(), JsonObject.of("reading", 1), null).failedWith(400, "IOTDA.000006");
        change(device.id(), JsonObject.of("interval", "15"), null).failedWith(400, "IOTDA.000006");
        change("nobody", interval(15), null).failedWith(404, "IOTDA.014000");
        assertThat(service(show(device.id())).getInteger("version")).isEqualTo(1);
    }

    @CanIgnoreReturnValue
    private JsonObject wish(String device, int interval, Integer version) {
        return change(device, interval(interval), version).body(200);
    }

    private static JsonObject interval(int value) {
        return JsonObject.of("interval", value);
    }

    private Reply change(String device, JsonObject desired, Integer version) {
        JsonObject service = JsonObject.of("service_id", "WaterMeter", "desired", desired);
        if (version != null) {
            service.put("version", version);
        }
        JsonObject body = JsonObject.of("shadow", JsonArray.of(service));
        return stage.call("updateDeviceShadowDesiredData", JsonObject.of("device_id", device, "body", body));
    }

    private JsonObject show(String device) {
        return stage.call("showDeviceShadow", JsonObject.of("device_id", device))
                .body(200);
    }

    private void report(String device, JsonObject properties) {
        JsonObject service = JsonObject.of("service", "WaterMeter", "properties", properties);
        stage.devices().report(device, JsonObject.of("services", JsonArray.of(service)));
    }

    private void awaitReported(String device, JsonObject properties) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonObject reported = service(show(device)).getJsonObject("reported");
            assertThat(reported).isNotNull();
            assertThat(reported.getJsonObject("properties")).isEqualTo(properties);
        });
    }

    private static JsonObject service(JsonObject shadow) {
        assertThat(shadow.getJsonArray("shadow")).hasSize(1);
        return shadow.getJsonArray("shadow").getJsonObject(0);
    }

    private static int interval(JsonObject set) {
        return set.getJsonArray("services")
                .getJsonObject(0)
                .getJsonObject("properties")
                .getInteger("interval");
    }
}
