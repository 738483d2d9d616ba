// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.DeviceId;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.Secret;
import dev.downlink.model.StoredMessage;
import dev.downlink.model.TimelineStep;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.ExpireMessages;
import dev.downlink.protocol.MessageRows.Expired;
import dev.downlink.protocol.MessageRows.SelectMessage;
import dev.downlink.protocol.MessageRows.Settled;
import dev.downlink.support.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageExpiryIT {
    private static final DeviceId D = new DeviceId("d1");

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @BeforeEach
    void insert() {
        room.insert(Room.device("d1"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void whatIsDueTimesOut() {
        store("due", "later");
        due("due");

        Expired expired = room.ask(new ExpireMessages(10));

        StoredMessage message = show("due");
        assertThat(expired).isEqualTo(new Expired(1, false));
        assertThat(message.status()).isEqualTo(MessageStatus.TIMEOUT);
        assertThat(message.error()).isEqualTo(MessageError.EXPIRED);
        assertThat(message.timeline().getLast())
                .isEqualTo(new TimelineStep(message.finished(), TimelineStep.Kind.EXPIRED, null));
        assertThat(show("later").status()).isEqualTo(MessageStatus.PENDING);
    }

    @Test
    void theReasonWhyItWaitedStays() {
        store("a");
        settle("a", Fate.WAITING, MessageError.NOT_SUBSCRIBED);
        due("a");

        room.ask(new ExpireMessages(10));

        assertThat(show("a").error()).isEqualTo(MessageError.NOT_SUBSCRIBED);
    }

    @Test
    void whatHasEndedOrIsWrittenStaysAsItIs() {
        store("a", "b", "c");
        settle("a", Fate.DELIVERED, null);
        settle("b", Fate.FAILED, MessageError.REFUSED_BY_DEVICE);
        settle("c", Fate.WRITTEN, null);
        due("a", "b", "c");

        assertThat(room.ask(new ExpireMessages(10))).isEqualTo(new Expired(0, false));
        assertThat(show("c").status()).isEqualTo(MessageStatus.DELIVERED);
    }

    @Test
    void timedOutOnceAndForAll() {
        store("a");
        due("a");
        room.ask(new ExpireMessages(10));

        for (Fate late : Fate.values()) {
            assertThat(settle("a", late, MessageError.REFUSED_BY_DEVICE).status())
                    .isEqualTo(MessageStatus.TIMEOUT);
        }
    }

    @Test
    void manyAreEndedInPartsOldestFirst() {
        store("a", "b", "c", "d");
        TestDatabase.execute(
                uri, "UPDATE message SET expires_at = now() - interval '1 minute' + sequence * interval '1 second'");

        Expired first = room.ask(new ExpireMessages(3));
        MessageStatus last = show("d").status();
        Expired rest = room.ask(new ExpireMessages(3));

        assertThat(first).isEqualTo(new Expired(3, true));
        assertThat(last).isEqualTo(MessageStatus.PENDING);
        assertThat(rest).isEqualTo(new Expired(1, false));
        assertThat(room.ask(new ExpireMessages(3))).isEqualTo(new Expired(0, false));
    }

    @Test
    void thoseOfOneMomentAreNotTornApart() {
        store("a", "b", "c");
        due("a", "b", "c");

        assertThat(room.ask(new ExpireMessages(1))).isEqualTo(new Expired(3, true));
        assertThat(room.ask(new ExpireMessages(1))).isEqualTo(new Expired(0, false));
    }

    @Test
    void whoFindsSomebodyElseAtItHasNothingToDo() throws Exception {
        store("a");
        due("a");

        try (Connection other = TestDatabase.connect(uri)) {
            other.setAutoCommit(false);
            try (ResultSet locked = other.createStatement().executeQuery("SELECT * FROM message_sweep FOR UPDATE")) {
                assertThat(locked.next()).isTrue();
                assertThat(room.ask(new ExpireMessages(10))).isEqualTo(new Expired(0, false));
            }
            other.rollback();
        }
        assertThat(room.ask(new ExpireMessages(10))).isEqualTo(new Expired(1, false));
    }

    @Test
    void aSweepReadsByIndexHoweverMuchIsKept() throws Exception {
        TestDatabase.execute(uri, """
            INSERT INTO message (connection_id, child_id, message_id, state, content, base64, raw, ttl, created,
                expires_at, timeline)
            SELECT 'x' || i % 10000, '', 'm' || i, 0, '1', false, false, 5, now(), now() + i * interval '1 second', ''
            FROM generate_series(1, 200000) i\
            """);
        TestDatabase.execute(uri, "ANALYZE message");

        assertThat(String.join("\n", plan()))
                .doesNotContainPattern("Seq Scan on message m")
                .contains("Index Scan using message_by_expiry", "Index Scan using message_pk");
    }

    private List<String> plan() throws Exception {
        try (Connection connection = TestDatabase.connect(uri);
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> setting : Database.PLANS.entrySet()) {
                var _ = statement.execute("SET " + setting.getKey() + " = '" + setting.getValue() + "'");
            }
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("EXPLAIN " + MessageExpiry.EXPIRE.replace("$1", "1000"))) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            return lines;
        }
    }

    private void due(String... ids) {
        TestDatabase.execute(
                uri, "UPDATE message SET expires_at = now() WHERE message_id IN ('" + String.join("','", ids) + "')");
    }

    private void store(String... ids) {
        for (String id : ids) {
            room.ask(Letters.insert(D, Letters.message(id), new MessageCache(20, Overflow.REPLACE_OLDEST)));
        }
    }

    @CanIgnoreReturnValue
    private Settled settle(String id, Fate fate, MessageError error) {
        return room.ask(Letters.settle(key(id), fate, error));
    }

    private StoredMessage show(String id) {
        return room.ask(new SelectMessage(key(id))).message();
    }

    private static MessageKey key(String id) {
        return new MessageKey(D, D, new MessageId(id));
    }
}
