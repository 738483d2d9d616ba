// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two gateway processes that push what becomes of messages, while one of them and the application are killed. */
class PushIT {
    private static final int DEVICES = 4;
    /** Of one action, per event loop. */
    private static final int IN_HAND = 16;

    private static Pair pair;

    @BeforeAll
    static void start() {
        pair = Pair.start(
                TestDatabase.blank(),
                Map.of(
                        "MESSAGES_MAX_PER_DEVICE", "1000",
                        "PUSH_MAX_IN_HAND", Integer.toString(IN_HAND),
                        "PUSH_MAX_IN_FLIGHT", "4",
                        "PUSH_PROBE_INTERVAL", "500ms",
                        "PUSH_TEST_ON_ACTIVATION", "false",
                        "PUSH_ALLOW", "127.0.0.1/32"));
        assertThat(pair.api(0).createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @Test
    void whatHappenedIsPushedThroughTheDeathOfAnybody() throws Exception {
        try (Application application = new Application();
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String rule = rule(application.url(), "http://127.0.0.1:" + silent.getLocalPort() + "/never");
            List<Writer> writers = IntStream.range(0, DEVICES)
                    .mapToObj(i -> writer(device("k" + i)))
                    .toList();
            awaitPushes(application, 100);
            pair.node(0).kill();
            awaitPushes(application, 100);
            application.down();
            awaitWaiting(rule, 50);
            application.up();
            pair.startAgain(0);
            awaitPushes(application, 100);
            writers.forEach(Writer::close);

            for (Writer writer : writers) {
                await("all events of " + writer.device())
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(application.messages(writer.device()))
                                .containsAll(writer.promised()));
                assertThat(writer.errors()).isEmpty();
                // what was not promised may be stored later than its writer, who went on, believes
                assertThat(application.messages(writer.device()).stream().filter(writer.promised()::contains))
                        .isSorted();
            }
            int loops = Runtime.getRuntime().availableProcessors();
            assertThat(application.repeated())
                    .as("at each death what was in hand, on all event loops of both nodes")
                    .isLessThanOrEqualTo(3L * 2 * loops * IN_HAND);
        }
    }

    @Test
    void whatDoesNotFitIntoTheBacklogIsDroppedAndCounted() {
        try (Application application = new Application()) {
            application.down();
            String policy = pair.api(1)
                    .post("/routing-rule/backlog-policy", new JsonObject().put("backlog_size", 4000))
                    .body()
                    .getString("policy_id");
            String rule = rule(application.url());
            String device = device("full");
            List<String> all =
                    IntStream.range(0, 60).mapToObj("m%05d"::formatted).toList();
            all.forEach(
                    id -> assertThat(pair.api(1).message(device, message(id)).status())
                            .isEqualTo(201));
            await("events that are dropped").atMost(Duration.ofSeconds(30)).until(() -> {
                TestDatabase.execute(pair.database(), "UPDATE outlet SET sweep_due = now()");
                return status(rule).getInteger("dropped") > 0;
            });

            application.up();

            int dropped = status(rule).getInteger("dropped");
            await("the rest")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(application.messages(device)).endsWith(all.getLast()));
            // those that a node had in hand when they were dropped may still arrive
            assertThat(application.messages(device))
                    .isSorted()
                    .hasSizeLessThan(all.size())
                    .containsAll(all.subList(dropped, all.size()));
            assertThat(pair.api(1)
                            .delete("/routing-rule/backlog-policy/" + policy)
                            .status())
                    .isEqualTo(204);
        }
    }

    /** An active rule for the status of messages with an action for each URL, the first of them the one to be looked at. */
    private static String rule(String... urls) {
        JsonObject subject = JsonObject.of("resource", "device.message.status", "event", "update");
        String rule = made(pair.api(1).post("/routing-rule/rules", JsonObject.of("subject", subject)), "rule_id");
        List<String> actions = new ArrayList<>();
        for (String url : urls) {
            JsonObject detail = JsonObject.of("http_forwarding", JsonObject.of("url", url));
            actions.add(made(
                    pair.api(1)
                            .post(
                                    "/routing-rule/actions",
                                    JsonObject.of(
                                            "rule_id", rule, "channel", "HTTP_FORWARDING", "channel_detail", detail)),
                    "action_id"));
        }
        assertThat(pair.api(1)
                        .put("/routing-rule/rules/" + rule, JsonObject.of("active", true))
                        .status())
                .isEqualTo(200);
        return actions.getFirst();
    }

    private static String made(Api.Answer answer, String id) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer.body().getString(id);
    }

    private static JsonObject status(String action) {
        return pair.api(1).get("/routing-rule/actions/" + action).body().getJsonObject("status");
    }

    private static String device(String node) {
        return made(pair.api(1).createDevice("Meter", node, "a-device-secret"), "device_id");
    }

    /** To a device that is away, to each of the nodes in turn. */
    private static Writer writer(String device) {
        AtomicInteger turn = new AtomicInteger();
        return new Writer(device, () -> pair.api(turn.getAndIncrement() % 2), "m%05d"::formatted, PushIT::message);
    }

    private static JsonObject message(String id) {
        return JsonObject.of("message_id", id, "message", "hello");
    }

    private static void awaitPushes(Application application, int more) {
        int before = application.pushes().size();
        await("pushes")
                .atMost(Duration.ofSeconds(40))
                .until(() -> application.pushes().size() >= before + more);
    }

    private static void awaitWaiting(String action, int events) {
        await("a backlog").atMost(Duration.ofSeconds(30)).until(() -> {
            TestDatabase.execute(pair.database(), "UPDATE outlet SET sweep_due = now()");
            return status(action).getInteger("waiting") >= events;
        });
    }
}
