// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.Secret;
import dev.downlink.support.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PushIT {
    private final Secret uri = Room.database();
    private final Receiver receiver = Receiver.start();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void eventIsPostedAndTakenOut() {
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri)) {
            room.offer("d1", "{\"n\":1}");

            await().until(() -> Rows.count(uri, "outbox") == 0 && !receiver.pushes.isEmpty());

            Receiver.Push push = receiver.pushes.getFirst();
            assertThat(push.headers().get("Content-Type")).isEqualTo("application/json;charset=utf-8");
            assertThat(push.data()).isEqualTo(new JsonObject("""
                {"header":{"app_id":"s1","device_id":"d1","node_id":"node1","product_id":"meter","gateway_id":"d1",
                "tags":[{"tag_key":"site","tag_value":"north"}]},"body":{"n":1}}\
                """));
        }
    }

    @Test
    void eventsOfADeviceComeInOrder() {
        Room.rule(uri, 1, receiver.url());
        try (Room room = Room.on(uri)) {
            IntStream.range(0, 300).forEach(i -> room.offer("d" + (1 + i % 3), "{\"n\":" + i + "}"));

            await().until(() -> receiver.pushes.size() >= 300);

            for (int device = 0; device < 3; device++) {
                assertThat(receiver.numbers("d" + (device + 1)))
                        .containsExactlyElementsOf(IntStream.iterate(device, i -> i < 300, i -> i + 3)
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void whatTheRuleDoesNotAskForIsTakenOutUnsent() {
        Room.rule(uri, 1, receiver.url(), "notify_data.body.n > 1");
        try (Room room = Room.on(uri)) {
            room.offer("d1", "{\"n\":1}");
            room.offer("d1", "{\"n\":2}");

            await().until(() -> Rows.count(uri, "outbox") == 0);

            assertThat(receiver.numbers("d1")).containsExactly(2);
        }
    }

    @Test
    void signedPushCanBeVerified() throws GeneralSecurityException {
        Room.rule(uri, 1, receiver.url());
        Room.sign(uri, 1, "token123");
        try (Room room = Room.on(uri)) {
            room.offer("d1", "{\"n\":1}");
            await().until(() -> !receiver.pushes.isEmpty());
        }

        Receiver.Push push = receiver.pushes.getFirst();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("token123".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal(
                (push.headers().get("X-Downlink-Timestamp") + "." + push.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(push.headers().get("X-Downlink-Signature"))
                .isEqualTo("sha256=" + HexFormat.of().formatHex(expected));
    }

    @Test
    void eventInBinaryModeHasItsAttributesAsHeaders() {
        Room.rule(uri, 1, receiver.url());
        Room.format(uri, 1, "CLOUDEVENTS_BINARY");
        try (Room room = Room.on(uri)) {
            room.offer("d1", "{\"n\":1}");
            await().until(() -> !receiver.pushes.isEmpty());
        }

        assertThat(receiver.pushes.getFirst().headers().get("ce-specversion")).isEqualTo("1.0");
        assertThat(receiver.pushes.getFirst().headers().get("ce-subject")).isEqualTo("d1");
    }

    @Test
    void rowThatIsCommittedLateIsFound() throws SQLException {
        Room.rule(uri, 1, receiver.url());
        try (Room _ = Room.on(uri);
                Connection slow = TestDatabase.connect(uri)) {
            slow.setAutoCommit(false);
            insert(slow, "d1", 1);
            TestDatabase.execute(uri, row("d2", 2));
            await().until(() -> receiver.pushes.size() == 1);

            slow.commit();

            await().until(() -> receiver.numbers("d1").equals(List.of(1)));
            assertThat(receiver.numbers("d2")).containsExactly(2);
            await().until(() -> Rows.count(uri, "outbox") == 0);
        }
    }

    @Test
    void largeTransactionThatIsCommittedLateIsFound() throws SQLException {
        Room.rule(uri, 1, receiver.url());
        try (Room _ = Room.on(uri);
                Connection slow = TestDatabase.connect(uri)) {
            slow.setAutoCommit(false);
            for (int i = 0; i < 100; i++) {
                insert(slow, "d1", i);
            }
            TestDatabase.execute(uri, row("d2", 2));
            await().until(() -> receiver.pushes.size() == 1);

            slow.commit();

            await().until(() -> receiver.numbers("d1").size() >= 100);
            assertThat(receiver.numbers("d1"))
                    .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void eventsOfAnActionThatIsGoneAreTakenOut() {
        Room.rule(uri, 1, receiver.url());
        TestDatabase.execute(uri, row("d1", 1).replace("1, 3, 1,", "1, 3, 77,"));
        TestDatabase.execute(uri, row("d1", 2));
        try (Room _ = Room.on(uri)) {
            await().until(() -> Rows.count(uri, "outbox") == 0);

            assertThat(receiver.numbers("d1")).containsExactly(2);
        }
    }

    @Test
    void ruleThatIsMadeMeanwhileIsHeardOf() {
        try (Room room = Room.on(uri)) {
            Room.rule(uri, 1, receiver.url());
            room.rulesChanged();
            room.offer("d1", "{\"n\":1}");

            await().until(() -> receiver.pushes.size() == 1);

            TestDatabase.execute(uri, "UPDATE rule SET active = false");
            room.rulesChanged();
            TestDatabase.execute(uri, row("d1", 2));
            await().until(() -> Rows.one(uri, "SELECT count(*) FROM outlet_lane WHERE node IS NOT NULL")
                    .equals("0"));
            assertThat(Rows.count(uri, "outbox")).isEqualTo(1);
        }
    }

    @Test
    void changedUrlIsUsed() {
        Room.rule(uri, 1, "http://127.0.0.1:1/closed");
        try (Room room = Room.on(uri)) {
            room.offer("d1", "{\"n\":1}");
            await().until(() -> !Rows.one(uri, "SELECT last_error FROM outlet WHERE last_error IS NOT NULL")
                    .isEmpty());

            Room.lead(uri, 1, receiver.url());
            room.rulesChanged();

            await().until(() -> receiver.numbers("d1").equals(List.of(1)));
        }
    }

    @Test
    void eventOfNoDeviceGoesOut() {
        Room.rule(uri, 1, receiver.url());
        TestDatabase.execute(uri, """
            INSERT INTO outbox (outlet, lane, action, project_id, subject, happened, header, body)
            VALUES (1, 3, 1, 'p1', 'product:create', now(), '{"product_id":"meter"}', '{"n":1}')\
            """);
        try (Room _ = Room.on(uri)) {
            await().until(() -> receiver.pushes.size() == 1);

            assertThat(receiver.pushes.getFirst().data()).isEqualTo(new JsonObject("{\"body\":{\"n\":1}}"));
        }
    }

    private static void insert(Connection connection, String device, int n) throws SQLException {
        try (var statement = connection.createStatement()) {
            var _ = statement.execute(row(device, n));
        }
    }

    /** All in one lane. */
    private static String row(String device, int n) {
        return """
            INSERT INTO outbox (outlet, lane, action, project_id, device_id, subject, happened, body)
            VALUES (1, 3, 1, 'p1', '%s', 'device.property:report', now(), '{"n":%d}')\
            """.formatted(device, n);
    }
}
