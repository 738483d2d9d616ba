// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Message;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.ExpireMessages;
import dev.downlink.protocol.MessageRows.SettleMessage;
import dev.downlink.protocol.Problem;
import dev.downlink.protocol.SessionRows;
import dev.downlink.support.Outcome;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestRules;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageEventsIT {
    private static final DeviceId D = new DeviceId("d1");
    private static final MessageCache ONE = new MessageCache(1, Overflow.REPLACE_OLDEST);

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
    void nothingIsWrittenThatNobodyAskedFor() {
        rule("p1", null, "device.message.status:update", false);
        rule("p1", null, "device.status:update", true);
        TestDatabase.execute(uri, "INSERT INTO project VALUES ('p2', 'two', now())");
        rule("p2", null, "device.message.status:update", true);
        TestDatabase.execute(uri, "INSERT INTO space VALUES ('p1', 'elsewhere', 'two', false, now())");
        rule("p1", "elsewhere", "device.message.status:update", true);

        store("a");
        settle("a", Fate.DELIVERED, null);

        assertThat(events()).isEmpty();
    }

    @Test
    void aRuleOfTheSpaceIsEnough() {
        rule("p1", "s1", "device.message.status:update", true);

        store("a");

        assertThat(events()).containsExactly("a PENDING null");
    }

    @Test
    void anEventNamesProjectDeviceAndMessage() {
        room.insert(Room.device("child", "d1", 0));
        all();

        room.ask(Letters.insert(new DeviceId("child"), Letters.message("a"), ONE));

        assertThat(Letters.read(uri, "SELECT concat_ws(' ', project_id, device_id, subject, body) FROM outbox"))
                .satisfiesExactly(event -> assertThat(event)
                        .matches("p1 child device.message.status:update \\{\"name\": \"name\", \"topic\":"
                                + " \"\\$oc/devices/d1/user/a/b\", \"status\": \"PENDING\", \"timestamp\":"
                                + " \"\\d{8}T\\d{6}Z\", \"message_id\": \"a\"}"));
    }

    @Test
    void aConnectedDevicesMessageIsNotSaidToWait() {
        all();
        room.ask(new SessionRows.OpenSession(D, 1, "mqtt/1/0", true, 0));

        store("a");

        assertThat(events()).isEmpty();
    }

    @Test
    void aMessageThatIsNotToWaitIsNotSaidToWait() {
        all();

        room.ask(Letters.insert(D, Letters.message("a", 0), ONE));

        assertThat(events()).isEmpty();
    }

    @Test
    void eachChangeIsToldOnce() {
        store("a", "b", "c");
        all();

        settle("a", Fate.WAITING, MessageError.NOT_SUBSCRIBED);
        settle("a", Fate.WRITTEN, null);
        settle("a", Fate.WRITTEN, null);
        settle("a", Fate.DELIVERED, null);
        settle("a", Fate.FAILED, MessageError.REFUSED_BY_DEVICE);
        settle("b", Fate.DELIVERED, null);
        settle("b", Fate.DELIVERED, null);
        settle("c", Fate.FAILED, MessageError.TOO_LARGE_FOR_DEVICE);
        settle("c", Fate.DELIVERED, null);

        assertThat(events())
                .containsExactly(
                        "a DELIVERED null", "b DELIVERED null", "c FAILED " + code(MessageError.TOO_LARGE_FOR_DEVICE));
    }

    @Test
    void whoIsPushedOutHasFailed() {
        all();
        room.ask(Letters.insert(D, Letters.message("a"), ONE));

        room.ask(Letters.insert(D, Letters.message("b"), ONE));
        settle("b", Fate.DELIVERED, null);
        room.ask(Letters.insert(D, Letters.message("c"), ONE));

        assertThat(events())
                .containsExactlyInAnyOrder(
                        "a PENDING null",
                        "a FAILED " + code(MessageError.PUSHED_OUT),
                        "b PENDING null",
                        "b DELIVERED null",
                        "c PENDING null");
    }

    @Test
    void whatExpiresIsToldWithItsReason() {
        store("a", "b");
        settle("a", Fate.WAITING, MessageError.NOT_SUBSCRIBED);
        all();
        TestDatabase.execute(uri, "UPDATE message SET expires_at = now()");

        room.ask(new ExpireMessages(10));
        room.ask(new ExpireMessages(10));

        assertThat(events())
                .containsExactlyInAnyOrder(
                        "a TIMEOUT " + code(MessageError.NOT_SUBSCRIBED), "b TIMEOUT " + code(MessageError.EXPIRED));
    }

    /** The first goes alone, and those that come meanwhile go together. */
    @Test
    void whatIsSettledTogetherIsToldInTheOrderOfTheCalls() {
        List<String> ids = List.of("f", "e", "d", "c", "b", "a");
        ids.forEach(this::store);
        all();

        Outcome.of(
                Future.join(ids.stream().map(id -> room.bus.ask(delivered(id))).toList()));

        assertThat(events())
                .containsExactlyElementsOf(
                        ids.stream().map(id -> id + " DELIVERED null").toList());
    }

    @Test
    void whatExpiresTogetherIsToldInTheOrderOfItsCreation() {
        store("c", "b", "a");
        all();
        TestDatabase.execute(uri, "UPDATE message SET expires_at = now()");

        room.ask(new ExpireMessages(10));

        String expired = " TIMEOUT " + code(MessageError.EXPIRED);
        assertThat(events()).containsExactly("c" + expired, "b" + expired, "a" + expired);
    }

    @ParameterizedTest
    @EnumSource(MessageError.class)
    void errorIsToldAsTheApiShowsIt(MessageError error) {
        Problem problem = Problem.of(error, D, "$oc/devices/d1/user/a/b");
        store("a");
        all();

        settle("a", Fate.FAILED, error);

        assertThat(Letters.read(uri, "SELECT (body -> 'error_info')::text FROM outbox"))
                .containsExactly(
                        "{\"error_msg\": \"" + problem.text() + "\", \"error_code\": \"" + problem.code() + "\"}");
    }

    @Test
    void messageWithoutNameIsToldWithoutOne() {
        all();
        Message named = Letters.message("a");
        Message message = new Message(
                named.id(),
                null,
                named.content(),
                named.encoding(),
                named.format(),
                named.topic(),
                named.topicFullName(),
                named.properties(),
                named.ttl());

        room.ask(Letters.insert(D, message, ONE));

        assertThat(Letters.read(uri, "SELECT (body ? 'name')::text FROM outbox"))
                .containsExactly("false");
    }

    private static String code(MessageError error) {
        return Problem.of(error, D, "").code();
    }

    private void all() {
        rule("p1", null, "device.message.status:update", true);
    }

    private void rule(String project, @Nullable String space, String subject, boolean active) {
        TestRules.add(uri, project, space, subject, active);
    }

    private void store(String... ids) {
        for (String id : ids) {
            room.ask(Letters.insert(D, Letters.message(id), new MessageCache(20, Overflow.REPLACE_OLDEST)));
        }
    }

    private void settle(String id, Fate fate, MessageError error) {
        room.ask(Letters.settle(new MessageKey(D, D, new MessageId(id)), fate, error));
    }

    private static SettleMessage delivered(String id) {
        return Letters.settle(new MessageKey(D, D, new MessageId(id)), Fate.DELIVERED, null);
    }

    private List<String> events() {
        return Letters.read(
                uri,
                "SELECT concat_ws(' ', body ->> 'message_id', body ->> 'status', coalesce(body -> 'error_info' ->>"
                        + " 'error_code', 'null')) FROM outbox ORDER BY id");
    }
}
