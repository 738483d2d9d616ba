// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.Secret;
import dev.downlink.support.Api;
import dev.downlink.support.Metrics;
import dev.downlink.support.RuleApi;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Applications that do not take their events hold up nothing but those: no message, no command, no report (northbound §6.5). */
@Timeout(120)
class StandstillIT {
    private static final String SECRET = "a-device-secret";
    private static final String STATUS = "device.message.status";
    private static final int DEVICES = 4;
    /** To each device: so many while it is away, and so many when it is there. */
    private static final int MESSAGES = 30;

    private static final int COMMANDS = 10;
    private static final int REPORTS = 20;
    /** Of one action, per event loop. */
    private static final int IN_HAND = 16;

    private static final int IN_FLIGHT = 2;
    /** What is told of messages: PENDING and DELIVERED of those that had to wait, DELIVERED of the others. */
    private static final int TOLD = DEVICES * 3 * MESSAGES;

    private final Secret database = TestDatabase.fresh();
    private final Listener silent = new Listener(0);
    private final Listener slow = new Listener(0);
    private TestGateway gateway;
    private Api api;
    private RuleApi rules;

    @BeforeEach
    void start() {
        gateway = TestGateway.on(
                database,
                "MESSAGES_MAX_PER_DEVICE",
                "1000",
                "PUSH_MAX_IN_HAND",
                Integer.toString(IN_HAND),
                "PUSH_MAX_IN_FLIGHT",
                Integer.toString(IN_FLIGHT),
                "PUSH_TIMEOUT",
                "5m");
        api = gateway.project("project");
        rules = new RuleApi(api);
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
        devices().forEach(device -> api.createDevice("Meter", device, SECRET));
    }

    @AfterEach
    void close() {
        // before the gateway, which would wait for their answers
        silent.close();
        slow.close();
        gateway.close();
    }

    @Test
    void everythingElseGoesOnBesideASilentAndASlowReceiver() {
        String toSilent = rules.push(silent.url(), STATUS, "update");
        String toSlow = rules.push(slow.url(), STATUS, "update");
        String reports = rules.push(silent.url(), "device.property", "report");

        assertThat(send(0)).containsOnly("PENDING");
        slow.answer(DEVICES);
        devices().forEach(device -> gateway.connect("Meter_" + device, SECRET));
        await("what waited is drained")
                .untilAsserted(() -> assertThat(statuses(MESSAGES)).containsOnly("DELIVERED"));
        assertBounds();
        slow.answer(DEVICES);
        assertThat(send(MESSAGES)).containsOnly("DELIVERED");
        assertBounds();
        assertThat(command()).containsOnly(200);
        report();

        assertThat(statuses(2 * MESSAGES)).containsOnly("DELIVERED");
        assertBounds();
        assertThat(waiting(toSilent)).isEqualTo(TOLD);
        assertThat(waiting(reports)).isEqualTo(REPORTS);
        await().untilAsserted(() -> assertThat(waiting(toSlow)).isEqualTo(TOLD - 2 * DEVICES));
    }

    @Test
    void receiverThatBecomesQuickGetsTheBacklogInOrder() {
        String toSilent = rules.push(silent.url(), STATUS, "update");
        String toSlow = rules.push(slow.url(), STATUS, "update");
        assertThat(send(0)).containsOnly("PENDING");
        slow.answer(DEVICES);
        devices().forEach(device -> gateway.connect("Meter_" + device, SECRET));

        slow.answerAll();

        await().until(() -> waiting(toSlow) == 0);
        for (String device : devices().toList()) {
            assertThat(heard(slow, "Meter_" + device))
                    .containsExactlyElementsOf(Stream.of("PENDING", "DELIVERED")
                            .flatMap(status -> IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i + ' ' + status))
                            .toList());
        }
        assertThat(waiting(toSilent)).isEqualTo(DEVICES * 2 * MESSAGES);
    }

    private static Stream<String> devices() {
        return IntStream.range(0, DEVICES).mapToObj(i -> "d" + i);
    }

    /** Messages to all devices, those of a device one after the other; the status of each as it was answered. */
    private List<String> send(int first) {
        return IntStream.range(first, first + MESSAGES)
                .boxed()
                .flatMap(i -> devices()
                        .map(device -> api.later(
                                "POST",
                                "/devices/Meter_" + device + "/messages",
                                JsonObject.of("message_id", "m" + i, "message", "hello")
                                        .encode()))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join))
                .map(answer -> answer.body().getJsonObject("result").getString("status"))
                .toList();
    }

    /** The status of all messages, of which there are so many for each device. */
    private List<String> statuses(int each) {
        List<String> statuses = devices()
                .flatMap(device ->
                        api.get("/devices/Meter_" + device + "/messages").body().getJsonArray("messages").stream())
                .map(message -> ((JsonObject) message).getString("status"))
                .toList();
        assertThat(statuses).hasSize(DEVICES * each);
        return statuses;
    }

    private List<Integer> command() {
        return IntStream.range(0, COMMANDS)
                .boxed()
                .flatMap(_ -> devices().map(device -> api.command("Meter_" + device)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .map(Api.Answer::status)
                .toList();
    }

    /** Reports of a device, each of them acknowledged, until the last one is shown. */
    private void report() {
        api.createDevice("Meter", "reports", SECRET);
        try (TestDevice device = TestDevice.connect(gateway.port("mqtt"), "Meter_reports", SECRET)) {
            for (int i = 0; i < REPORTS; i++) {
                JsonObject service =
                        JsonObject.of("service_id", "WaterMeter", "properties", JsonObject.of("reading", i));
                device.publish(
                        "$oc/devices/Meter_reports/sys/properties/report",
                        JsonObject.of("services", JsonArray.of(service)).encode());
            }
        }
        String last = "\"reading\":" + (REPORTS - 1);
        await().untilAsserted(() -> assertThat(
                        api.get("/devices/Meter_reports/shadow").body().encode())
                .contains(last));
    }

    /** What is in memory, and what a receiver is sent before it has answered, is bounded whatever waits in the database. */
    private void assertBounds() {
        int loops = Runtime.getRuntime().availableProcessors();
        Metrics metrics = Metrics.of(gateway.port("management"));
        assertThat(metrics.value("downlink_push_in_hand")).isPositive().isLessThanOrEqualTo(3.0 * loops * IN_HAND);
        assertThat(silent.heard()).hasSizeLessThanOrEqualTo(2 * loops * IN_FLIGHT);
    }

    private int waiting(String action) {
        return rules.status(action).getInteger("waiting");
    }

    private static List<String> heard(Listener listener, String device) {
        return listener.heard().stream()
                .map(event -> event.getJsonObject("notify_data"))
                .filter(data ->
                        data.getJsonObject("header").getString("device_id").equals(device))
                .map(data -> data.getJsonObject("body"))
                .map(body -> body.getString("message_id") + ' ' + body.getString("status"))
                .toList();
    }
}
