// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.Secret;
import dev.downlink.support.Api;
import dev.downlink.support.EventLog;
import dev.downlink.support.Metrics;
import dev.downlink.support.RuleApi;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How fast events go and how many may wait, as policies say (northbound §6.5). */
@Timeout(120)
class LimitsIT {
    private static final String SECRET = "a-device-secret";
    private static final int EVENTS = 200;
    /** Of one action, per event loop. */
    private static final int IN_HAND = 16;
    /** The backlog is looked at every ten seconds. */
    private static final Duration SWEEP = Duration.ofSeconds(40);

    private static final Secret DATABASE = TestDatabase.fresh();

    private static TestGateway gateway;

    private final Listener one = new Listener(0);
    private final Listener other = new Listener(0);

    @BeforeAll
    static void start() {
        gateway = TestGateway.on(
                DATABASE,
                "MESSAGES_MAX_PER_DEVICE",
                "1000",
                "PUSH_MAX_IN_HAND",
                Integer.toString(IN_HAND),
                "PUSH_MAX_IN_FLIGHT",
                "2",
                "PUSH_TIMEOUT",
                "5m");
    }

    @AfterEach
    void closeListeners() {
        one.close();
        other.close();
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    @Test
    void flowPolicyHoldsBackTheActionThatItNamesUntilItIsRaised() {
        Api api = project("flow");
        RuleApi rules = new RuleApi(api);
        String rule = rules.rule();
        String limited = rules.action(rule, JsonObject.of("url", one.url()));
        String policy = rules.made(
                "/routing-rule/flowcontrol-policy",
                JsonObject.of("scope", "ACTION", "scope_value", limited, "limit", 1),
                "policy_id");
        String free = rules.action(rule, JsonObject.of("url", other.url()));
        assertThat(rules.activate(rule).status()).isEqualTo(200);
        one.answerAll();
        other.answerAll();

        send(api, "Meter-flow_d1");
        await().until(() -> rules.status(free).getInteger("waiting") == 0);

        assertThat(messages(other)).containsExactlyElementsOf(ids(0));
        List<String> few = messages(one);
        assertThat(few).hasSizeLessThan(EVENTS / 2).isEqualTo(ids(0).subList(0, few.size()));
        assertThat(rules.status(limited).getInteger("waiting")).isGreaterThan(EVENTS / 2);
        assertThat(api.put("/routing-rule/flowcontrol-policy/" + policy, JsonObject.of("limit", 1000))
                        .status())
                .isEqualTo(200);
        await().until(() -> rules.status(limited).getInteger("waiting") == 0);
        assertThat(messages(one)).containsExactlyElementsOf(ids(0));
    }

    @Test
    void whatIsTooMuchOrTooOldIsDroppedCountedAndLoggedAndTheRestComesInOrder() {
        Api full = project("full");
        Api old = project("old");
        RuleApi fullRules = new RuleApi(full);
        RuleApi oldRules = new RuleApi(old);
        String tooMuch = fullRules.push(one.url(), "device.message.status", "update");
        String tooOld = oldRules.push(other.url(), "device.message.status", "update");
        int bytes = 10_000;
        fullRules.made("/routing-rule/backlog-policy", JsonObject.of("backlog_size", bytes), "policy_id");
        oldRules.made("/routing-rule/backlog-policy", JsonObject.of("backlog_time", 3600), "policy_id");
        send(full, "Meter-full_d1");
        send(old, "Meter-old_d1");
        int oldOnes = EVENTS / 4;
        TestDatabase.execute(
                DATABASE,
                "UPDATE outbox SET happened = now() - interval '2 hours' WHERE id IN"
                        + " (SELECT id FROM outbox WHERE project_id = 'old' ORDER BY id LIMIT " + oldOnes + ")");

        try (EventLog log = EventLog.of("dev.downlink.push.Sweeper")) {
            TestDatabase.execute(DATABASE, "UPDATE outlet SET sweep_due = now()");
            await("both are swept")
                    .atMost(SWEEP)
                    .until(() -> dropped(fullRules, tooMuch) > 0 && dropped(oldRules, tooOld) > 0);

            assertThat(dropped(oldRules, tooOld)).isEqualTo(oldOnes);
            await("it is logged").until(() -> log.lines().size() == 2);
            assertThat(log.lines())
                    .anyMatch(line -> line.endsWith(" events=" + oldOnes))
                    .anyMatch(line -> line.endsWith(" events=" + dropped(fullRules, tooMuch)));
        }

        JsonObject status = fullRules.status(tooMuch);
        int dropped = status.getInteger("dropped");
        assertThat(status.getInteger("waiting")).isEqualTo(EVENTS - dropped);
        assertThat(status.getInteger("waiting_bytes")).isPositive().isLessThanOrEqualTo(bytes);
        assertThat(status.getString("dropped_last_time")).isNotNull();
        assertThat(oldRules.status(tooOld).getInteger("waiting")).isEqualTo(EVENTS - oldOnes);
        assertThat(droppedByMetrics()).isEqualTo(dropped + oldOnes);

        one.answerAll();
        other.answerAll();

        await().until(() -> waiting(fullRules, tooMuch) == 0 && waiting(oldRules, tooOld) == 0);
        assertRest(messages(one), dropped);
        assertRest(messages(other), oldOnes);
    }

    /** All that was not dropped, in order; of what was dropped only what was in memory then may have come too. */
    private static void assertRest(List<String> messages, int dropped) {
        assertThat(messages)
                .isSorted()
                .doesNotHaveDuplicates()
                .endsWith(ids(dropped).toArray(String[]::new));
        assertThat(messages)
                .hasSizeLessThanOrEqualTo(
                        EVENTS - dropped + IN_HAND * Runtime.getRuntime().availableProcessors());
    }

    private static Api project(String name) {
        Api api = gateway.project(name);
        assertThat(api.createProduct("Meter-" + name).status()).isEqualTo(201);
        assertThat(api.createDevice("Meter-" + name, "d1", SECRET).status()).isEqualTo(201);
        return api;
    }

    /** Messages to a device that is not there, one after the other: there is an event of each. */
    private static void send(Api api, String device) {
        ids(0).stream()
                .map(id -> api.later(
                        "POST",
                        "/devices/" + device + "/messages",
                        JsonObject.of("message_id", id, "message", "hello").encode()))
                .map(CompletableFuture::join)
                .forEach(answer -> assertThat(answer.status()).isEqualTo(201));
    }

    private static List<String> ids(int first) {
        return IntStream.range(first, EVENTS).mapToObj("m%05d"::formatted).toList();
    }

    private static List<String> messages(Listener listener) {
        return listener.heard().stream()
                .map(event -> event.getJsonObject("notify_data").getJsonObject("body"))
                .map(body -> body.getString("message_id"))
                .toList();
    }

    private static int dropped(RuleApi rules, String action) {
        return rules.status(action).getInteger("dropped");
    }

    private static int waiting(RuleApi rules, String action) {
        return rules.status(action).getInteger("waiting");
    }

    private static int droppedByMetrics() {
        return (int) Metrics.of(gateway.port("management")).series().entrySet().stream()
                .filter(series -> series.getKey().startsWith("downlink_push_events_total{")
                        && series.getKey().contains("outcome=\"dropped\""))
                .mapToDouble(series -> series.getValue())
                .sum();
    }
}
