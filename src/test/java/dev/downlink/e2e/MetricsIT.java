// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import dev.downlink.support.Api;
import dev.downlink.support.Metrics;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import dev.downlink.telemetry.MeterName;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a live gateway counts: things happen to it, and its management port tells of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
    private static final String SECRET = "a-device-secret";
    private static final Pattern METRIC = Pattern.compile("\\b(?:downlink|jvm|process|system)_[a-z0-9_]+");

    private TestGateway gateway;
    private Api api;

    @BeforeAll
    void start() {
        gateway = TestGateway.start("COMMANDS_TIMEOUT", "1s");
        api = gateway.project("metrics");
        api.createProduct("Meter");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void commandsAreCountedByOutcome() {
        device("answers");
        gateway.connect("Meter_answers", SECRET);
        device("silent");
        device("absent");
        try (TestDevice silent = connect("silent")) {
            Metrics before = metrics();

            assertThat(api.command("Meter_answers").join().status()).isEqualTo(200);
            CompletableFuture<Api.Answer> call = api.command("Meter_silent");
            String request = silent.nextCommand();
            assertThat(metrics().value("downlink_calls_waiting")).isEqualTo(1);
            assertThat(call.join().reason()).isEqualTo("call_timed_out");
            silent.answer(request, "{}");
            assertThat(api.command("Meter_absent").join().status()).isEqualTo(403);
            assertThat(api.command("Meter_nobody").join().status()).isEqualTo(404);
            api.post("/devices/Meter_answers/commands", wrongValue());

            assertGrown(before, "downlink_commands_seconds_count{outcome=\"success\"}", 1);
            assertGrown(before, "downlink_commands_seconds_count{outcome=\"call_timed_out\"}", 1);
            assertGrown(before, "downlink_commands_seconds_count{outcome=\"device_never_connected\"}", 1);
            assertGrown(before, "downlink_commands_seconds_count{outcome=\"device_not_found\"}", 1);
            assertGrown(before, "downlink_commands_seconds_count{outcome=\"model_violation\"}", 1);
            assertGrown(before, "downlink_bus_requests_total{outcome=\"ok\",request=\"SendCommand\"}", 1);
            assertGrown(before, "downlink_bus_requests_total{outcome=\"refused\",request=\"SendCommand\"}", 4);
            assertGrown(before, "downlink_answers_unclaimed_total", 1);
            assertGrown(before, "downlink_mqtt_published_total", 2);
            assertGrown(before, commands(200), 2);
            assertGrown(before, commands(403), 1);
            assertThat(metrics().value("downlink_calls_waiting")).isZero();
            assertThat(metrics().value("downlink_http_in_hand")).isZero();
        }
    }

    @Test
    void propertiesAreCountedByCallAndOutcome() {
        device("told");
        gateway.connect("Meter_told", SECRET);
        Metrics before = metrics();

        assertThat(askForProperties("Meter_told").status()).isEqualTo(200);
        assertThat(api.get("/devices/Meter_told/properties?service_id=Nothing").status())
                .isEqualTo(400);

        assertGrown(before, "downlink_properties_seconds_count{call=\"get\",outcome=\"success\"}", 1);
        assertGrown(before, "downlink_properties_seconds_count{call=\"get\",outcome=\"model_violation\"}", 1);
    }

    @Test
    void aCommandStandsInTheBucketOfItsLatency() {
        device("late");
        try (TestDevice _ = connect("late")) {
            Metrics before = metrics();

            assertThat(api.command("Meter_late").join().reason()).isEqualTo("call_timed_out");

            assertGrown(before, "downlink_commands_seconds_bucket{outcome=\"call_timed_out\",le=\"0.5\"}", 0);
            assertGrown(before, "downlink_commands_seconds_bucket{outcome=\"call_timed_out\",le=\"60.0\"}", 1);
        }
    }

    @Test
    void loginsAreCountedByResultAndReason() {
        device("login");
        Metrics before = metrics();

        TestDevice first = connect("login");
        assertThat(connections()).isEqualTo(before.value(CONNECTIONS) + 1);
        TestDevice second = connect("login");
        refused("Meter_login", "wrong-secret");
        refused("Meter_unknown", SECRET);

        assertGrown(before, "downlink_mqtt_connects_total{result=\"accepted\"}", 2);
        assertGrown(before, "downlink_mqtt_connects_total{result=\"credentials\"}", 2);
        assertGrown(before, "downlink_mqtt_refused_total{reason=\"wrong_secret\"}", 1);
        assertGrown(before, "downlink_mqtt_refused_total{reason=\"unknown_device\"}", 1);
        assertGrown(before, "downlink_mqtt_takeovers_total", 1);
        assertGrown(before, "downlink_mqtt_closed_total{reason=\"taken_over\"}", 1);
        assertGrown(before, CONNECTIONS, 1);
        second.close();
        first.close();
        assertGrown(before, CONNECTIONS, 0);
    }

    @Test
    void whatDevicesPublishIsCountedByKind() {
        device("talks");
        try (TestDevice device = connect("talks")) {
            Metrics before = metrics();

            device.publish("$oc/devices/Meter_talks/sys/properties/report", "{}");
            assertThatThrownBy(() -> device.publish("$oc/devices/Meter_other/sys/properties/report", "{}"))
                    .hasMessageContaining("PUBACK");

            assertGrown(before, "downlink_mqtt_uplinks_total{kind=\"report\"}", 1);
            assertGrown(before, "downlink_mqtt_uplinks_total{kind=\"foreign\"}", 1);
            assertGrown(before, "downlink_mqtt_uplinks_dropped_total{reason=\"topic_of_another\"}", 1);
        }
    }

    @Test
    void everyMeterIsThereInALiveGateway() {
        device("all");
        gateway.connect("Meter_all", SECRET);
        assertThat(api.command("Meter_all").join().status()).isEqualTo(200);
        assertThat(askForProperties("Meter_all").status()).isEqualTo(200);

        assertThat(metrics().names())
                .containsAll(
                        Arrays.stream(MeterName.values()).map(MetricsIT::series).toList());
    }

    @Test
    void everyMetricOfTheDashboardIsThere() throws IOException {
        device("board");
        gateway.connect("Meter_board", SECRET);
        assertThat(api.command("Meter_board").join().status()).isEqualTo(200);
        assertThat(askForProperties("Meter_board").status()).isEqualTo(200);
        JsonObject dashboard = new JsonObject(Files.readString(Path.of("docs/grafana/downlink.json")));

        Set<String> drawn = new TreeSet<>();
        Matcher metric = METRIC.matcher(dashboard.getJsonArray("panels").encode());
        while (metric.find()) {
            drawn.add(metric.group());
        }

        assertThat(metrics().names()).containsAll(drawn);
        assertThat(drawn)
                .containsAll(
                        Arrays.stream(MeterName.values()).map(MetricsIT::drawn).toList());
    }

    @Test
    void theManagementPortTellsOfHealthAndOfNothingElse() {
        int port = gateway.port("management");

        assertThat(Metrics.get(port, "/health/live").statusCode()).isEqualTo(200);
        assertThat(Metrics.get(port, "/health/ready").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(Metrics.get(port, "/metrics").headers().firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(Metrics.get(port, "/v5/iot/metrics/devices").statusCode()).isEqualTo(404);
        assertThat(Metrics.get(gateway.port("http"), "/metrics").statusCode()).isEqualTo(404);
    }

    private Api.Answer askForProperties(String device) {
        return api.get("/devices/" + device + "/properties?service_id=WaterMeter");
    }

    private static final String CONNECTIONS = "downlink_mqtt_connections{protocol=\"5\",tls=\"false\"}";

    private double connections() {
        return metrics().value(CONNECTIONS);
    }

    private static String commands(int status) {
        return "downlink_http_requests_seconds_count{method=\"POST\","
                + "route=\"/v5/iot/{project_id}/devices/{device_id}/commands\",status=\"" + status + "\"}";
    }

    /** The name of one of a meter's series. */
    private static String series(MeterName meter) {
        String name = meter.text().replace('.', '_');
        return switch (meter.kind()) {
            case COUNTER -> name + "_total";
            case GAUGE -> name;
            case TIMER -> name + "_seconds_count";
            case SUMMARY -> name + "_count";
        };
    }

    /** The name of the series that a dashboard shows of a meter. */
    private static String drawn(MeterName meter) {
        return switch (meter.kind()) {
            case TIMER -> meter.text().replace('.', '_') + "_seconds_bucket";
            case COUNTER, GAUGE, SUMMARY -> series(meter);
        };
    }

    private void assertGrown(Metrics before, String series, double by) {
        await(series)
                .untilAsserted(() -> assertThat(metrics().value(series) - before.value(series))
                        .isEqualTo(by));
    }

    private Metrics metrics() {
        return Metrics.of(gateway.port("management"));
    }

    private void device(String node) {
        api.createDevice("Meter", node, SECRET);
    }

    private TestDevice connect(String node) {
        return TestDevice.connect(gateway.port("mqtt"), "Meter_" + node, SECRET);
    }

    private void refused(String device, String secret) {
        assertThatThrownBy(() -> TestDevice.connect(gateway.port("mqtt"), device, secret))
                .isInstanceOf(Mqtt5ConnAckException.class);
    }

    private static JsonObject wrongValue() {
        return new JsonObject()
                .put("service_id", "WaterMeter")
                .put("command_name", "ON_OFF")
                .put("paras", new JsonObject().put("value", "PERHAPS"));
    }
}
