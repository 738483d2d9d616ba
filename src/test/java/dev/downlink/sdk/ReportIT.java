// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Secret;
import dev.downlink.sdk.Stage.Registered;
import dev.downlink.support.Api;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestGateway;
import dev.downlink.support.TestRules;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What devices on the device SDK report is stored for the rules that ask for it, before it is acknowledged. */
class ReportIT {
    private static final Secret DATABASE = TestDatabase.fresh();
    private static final String SECRET = "secret-of-the-device";

    private static TestGateway gateway;
    private static DeviceSdk devices;
    private static String meter;
    private static String top;
    private static String child;
    private static String stranger;

    @BeforeAll
    static void start() {
        gateway = TestGateway.on(DATABASE);
        devices = new DeviceSdk("reporting");
        Api api = gateway.project("p1");
        api.createProduct("Meter");
        meter = "Meter_meter";
        top = "Meter_top";
        child = "Meter_child";
        stranger = "Meter_stranger";
        for (String node : List.of("meter", "top", "stranger")) {
            api.createDevice("Meter", node, SECRET);
        }
        api.post("/devices", JsonObject.of("product_id", "Meter", "node_id", "child", "gateway_id", top));
        for (String resource : List.of("device.property", "device.message")) {
            TestRules.add(DATABASE, "p1", null, resource + ":report", true);
        }
        String uri = "tcp://127.0.0.1:" + gateway.port("mqtt");
        assertThat(devices.connectListener(new Registered(meter, SECRET), uri)).isZero();
        assertThat(devices.connectGateway(new Registered(top, SECRET), uri)).isZero();
    }

    @AfterAll
    static void stop() {
        devices.close();
        gateway.close();
    }

    @BeforeEach
    void clear() {
        TestDatabase.execute(DATABASE, "DELETE FROM outbox");
    }

    @Test
    void reportedPropertiesAreStored() {
        devices.report(meter, report("2025-12-12T08:00:00.005Z"));

        assertThat(outbox())
                .containsExactly(JsonObject.of(
                        "device",
                        meter,
                        "subject",
                        "device.property:report",
                        "body",
                        body("2025-12-12T08:00:00.005Z")));
    }

    /** This version of the SDK takes the bytes before its packer has written them: ten bytes of gzip's header are all it sends. */
    @Test
    void packedReportOfTheSdkIsCutOffAndOnlyAcknowledged() {
        devices.report(meter, report("20251212T080000Z").put("packed", true));

        assertThat(outbox()).isEmpty();
    }

    @Test
    void gatewayReportsForItsSubDevice() {
        devices.report(top, report("20251212T080000Z").put("child", child));

        assertThat(outbox())
                .containsExactly(JsonObject.of(
                        "device", child, "subject", "device.property:report", "body", body("20251212T080000Z")));
    }

    @Test
    void gatewayDoesNotReportForAnotherDevice() {
        devices.report(top, report("20251212T080000Z").put("child", stranger));

        assertThat(outbox()).isEmpty();
    }

    @Test
    void messagesAreStored() {
        devices.say(meter, JsonObject.of("text", "hello"));
        devices.say(top, JsonObject.of("text", "hello from below", "child", child));
        devices.say(top, JsonObject.of("text", "hello from elsewhere", "child", stranger));

        assertThat(outbox())
                .extracting(row -> row.getString("device")
                        + ": "
                        + row.getJsonObject("body").getJsonObject("content").getString("content"))
                .containsExactly(meter + ": hello", child + ": hello from below");
    }

    private static JsonObject report(String time) {
        JsonObject service = JsonObject.of("service", "WaterMeter", "properties", JsonObject.of("interval", 15))
                .put("time", time);
        return JsonObject.of("services", JsonArray.of(service));
    }

    private static JsonObject body(String time) {
        JsonObject service = JsonObject.of("service_id", "WaterMeter", "properties", JsonObject.of("interval", 15))
                .put("event_time", time);
        return JsonObject.of("services", JsonArray.of(service));
    }

    private static List<JsonObject> outbox() {
        List<JsonObject> rows = new ArrayList<>();
        try (Connection connection = TestDatabase.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT device_id, subject, body FROM outbox ORDER BY id")) {
            while (row.next()) {
                rows.add(JsonObject.of("device", row.getString(1), "subject", row.getString(2))
                        .put("body", new JsonObject(row.getString(3))));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }
}
