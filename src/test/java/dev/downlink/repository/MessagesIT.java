// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.StoredMessage;
import dev.downlink.model.Subscription;
import dev.downlink.model.TimelineStep;
import dev.downlink.model.TimelineStep.Kind;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.Waiting;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.DeleteMessageRow;
import dev.downlink.protocol.MessageRows.InsertMessage;
import dev.downlink.protocol.MessageRows.Inserted;
import dev.downlink.protocol.MessageRows.Listener;
import dev.downlink.protocol.MessageRows.SelectListeners;
import dev.downlink.protocol.MessageRows.SelectMessage;
import dev.downlink.protocol.MessageRows.SelectMessages;
import dev.downlink.protocol.MessageRows.SelectWaiting;
import dev.downlink.protocol.MessageRows.Settled;
import dev.downlink.protocol.QueuedMessage;
import dev.downlink.protocol.SessionRows;
import dev.downlink.support.Samples;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessagesIT {
    private static final DeviceId D = new DeviceId("d1");
    private static final MessageCache TWENTY = new MessageCache(20, Overflow.REPLACE_OLDEST);
    private static final MessageCache TWO = new MessageCache(2, Overflow.REPLACE_OLDEST);
    private static final MessageCache TWO_REFUSING = new MessageCache(2, Overflow.REFUSE);

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
    void aMessageComesBackAsItWas() {
        Message message = Samples.message();

        Inserted inserted = store(D, message, TWENTY);

        StoredMessage stored = show(key(D, message.id().value()));
        assertThat(inserted.message().key()).isEqualTo(new MessageKey(D, D, message.id()));
        assertThat(inserted.message().message()).isEqualTo(message);
        assertThat(stored)
                .isEqualTo(new StoredMessage(
                        D,
                        D,
                        message,
                        MessageStatus.PENDING,
                        null,
                        inserted.created(),
                        null,
                        List.of(Letters.ACCEPTED, new TimelineStep(inserted.created(), Kind.STORED, null))));
    }

    @Test
    void aMessageSaysBehindWhichOfItsDeviceItGoes() {
        room.insert(Room.device("d2"));
        store(new DeviceId("d2"), Letters.message("other"), TWENTY);

        Inserted first = store(D, Letters.message("a"), TWENTY);
        Inserted second = store(D, Letters.message("b"), TWENTY);
        settle("b", Fate.DELIVERED);
        Inserted third = store(D, Letters.message("c"), TWENTY);
        settle("a", Fate.DELIVERED);
        settle("c", Fate.DELIVERED);
        Inserted fourth = store(D, Letters.message("d"), TWENTY);

        assertThat(first.behind()).isZero();
        assertThat(second.behind()).isEqualTo(first.message().sequence());
        assertThat(third.behind()).isEqualTo(first.message().sequence());
        assertThat(fourth.behind()).isZero();
    }

    @Test
    void aMessageMayLiveAsLongAsItsTtlOrAtLeastTheGrace() {
        Inserted withTtl = store(D, Letters.message("a", 5), TWENTY);
        Inserted without = store(D, Letters.message("b", 0), TWENTY);

        assertThat(withTtl.message().remaining()).isEqualTo(Duration.ofMinutes(5));
        assertThat(without.message().remaining()).isEqualTo(Letters.GRACE);
    }

    @Test
    void newestComesFirstAndOnlyAsManyAsAsked() {
        store("a", "b", "c");

        List<StoredMessage> list = room.ask(new SelectMessages(D, D, 2)).messages();

        assertThat(list.stream().map(m -> m.message().id().value())).containsExactly("c", "b");
        assertThat(list.getFirst().timeline()).isEmpty();
    }

    @Test
    void anIdIsTakenOnlyOncePerDevice() {
        DeviceId other = room.insert(Room.device("d2")).id();
        store("a");
        store(other, Letters.message("a"), TWENTY);

        assertThat(room.failure(Letters.insert(D, Letters.message("a"), TWENTY)))
                .isEqualTo(new Failure.AlreadyExists("message", "a"));
    }

    @Test
    void aDuplicatePushesNothingOut() {
        store("a", "b");

        assertThat(room.failure(Letters.insert(D, Letters.message("b"), TWO)))
                .isEqualTo(new Failure.AlreadyExists("message", "b"));
        assertThat(ids(D)).containsExactly("b", "a");
    }

    @Test
    void aDeviceOfAnotherProjectIsNotFound() {
        Failure none = room.failure(Letters.insert(new DeviceId("none"), Letters.message("a"), TWENTY));
        InsertMessage foreign = new InsertMessage(
                new ProjectId("p2"), D, Letters.message("a"), TWENTY, Letters.GRACE, Letters.ACCEPTED);

        assertThat(none).isEqualTo(new Failure.DeviceNotFound(new DeviceId("none")));
        assertThat(room.failure(foreign)).isEqualTo(new Failure.DeviceNotFound(D));
    }

    @Test
    void theOldestAreReplaced() {
        store("a", "b", "c");
        settle("b", Fate.DELIVERED);

        Inserted inserted = store(D, Letters.message("d"), TWO);

        assertThat(inserted.pushedOut()).containsExactly(key(D, "a"));
        assertThat(ids(D)).containsExactly("d", "c");
    }

    @Test
    void aFullCacheRefusesWhileAllWait() {
        store(D, Letters.message("a"), TWO_REFUSING);
        store(D, Letters.message("b"), TWO_REFUSING);

        assertThat(room.failure(Letters.insert(D, Letters.message("c"), TWO_REFUSING)))
                .isEqualTo(new Failure.MessagesFull(D, 2));
        assertThat(room.failure(Letters.insert(D, Letters.message("a"), TWO_REFUSING)))
                .isEqualTo(new Failure.AlreadyExists("message", "a"));
        assertThat(ids(D)).containsExactly("b", "a");
    }

    @Test
    void aFinishedOneMakesRoomWhereNoneThatWaitsMay() {
        store("a", "b", "c");
        settle("b", Fate.DELIVERED);
        settle("c", Fate.FAILED);

        Inserted inserted = store(D, Letters.message("d"), TWO_REFUSING);

        assertThat(inserted.pushedOut()).isEmpty();
        assertThat(ids(D)).containsExactly("d", "a");
    }

    @Test
    void aSubDevicesMessagesAreWithTheGatewayThatHasTheConnection() {
        DeviceId child = room.insert(Room.device("child", "d1", 0)).id();
        DeviceId grandchild = room.insert(Room.device("grandchild", "child", 0)).id();
        store("own");

        Inserted ofChild = store(child, Letters.message("a"), TWO);
        Inserted ofGrandchild = store(grandchild, Letters.message("a"), TWO);

        assertThat(ofChild.message().key()).isEqualTo(new MessageKey(D, child, new MessageId("a")));
        assertThat(ofGrandchild.message().key()).isEqualTo(new MessageKey(D, grandchild, new MessageId("a")));
        open(D);
        assertThat(keys(waiting(D, 1, 0, 10)))
                .containsExactly(
                        key(D, "own"),
                        ofChild.message().key(),
                        ofGrandchild.message().key());
        assertThat(room.ask(new SelectMessages(D, grandchild, 9)).messages())
                .extracting(StoredMessage::device, StoredMessage::connection)
                .containsExactly(tuple(grandchild, D));
    }

    @Test
    void eachDeviceBehindAGatewayHasItsOwnCache() {
        DeviceId child = room.insert(Room.device("child", "d1", 0)).id();
        store("a", "b");

        Inserted inserted = store(child, Letters.message("c"), TWO);

        assertThat(inserted.pushedOut()).isEmpty();
    }

    @Test
    void waitingMessagesComeInOrderAndInParts() {
        store("a", "b", "c", "d");
        settle("b", Fate.DELIVERED);
        settle("c", Fate.WRITTEN);
        open(D);

        Waiting first = waiting(D, 1, 0, 2);
        Waiting rest = waiting(D, 1, first.messages().getLast().sequence(), 2);

        assertThat(keys(first)).containsExactly(key(D, "a"), key(D, "c"));
        assertThat(first.more()).isTrue();
        assertThat(keys(rest)).containsExactly(key(D, "d"));
        assertThat(rest.more()).isFalse();
        QueuedMessage message = rest.messages().getFirst();
        assertThat(message.message()).isEqualTo(Letters.message("d"));
        assertThat(message.remaining()).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void nothingWaitsForAConnectionThatIsOver() {
        store("a");
        open(D);
        open(D);
        Waiting overtaken = waiting(D, 1, 0, 10);
        Waiting present = waiting(D, 2, 0, 10);
        room.ask(new SessionRows.CloseSession(D, 2));

        Waiting closed = waiting(D, 2, 0, 10);

        assertThat(overtaken.messages()).isEmpty();
        assertThat(present.messages()).hasSize(1);
        assertThat(closed).isEqualTo(new Waiting(List.of(), false));
    }

    @Test
    void largeMessagesAreCutIntoPartsThatFitIntoMemory() {
        Json large = new Json('"' + "x".repeat(200_000) + '"');
        for (String id : List.of("a", "b", "c")) {
            store(D, Letters.message(id, 5, large), TWENTY);
        }
        open(D);

        Waiting first = waiting(D, 1, 0, 10);
        Waiting rest = waiting(D, 1, first.messages().getLast().sequence(), 10);

        assertThat(keys(first)).containsExactly(key(D, "a"), key(D, "b"));
        assertThat(first.more()).isTrue();
        assertThat(keys(rest)).containsExactly(key(D, "c"));
        assertThat(rest.more()).isFalse();
    }

    @Test
    void whatIsOverIsNotWaitingAnyMore() {
        store("a", "b");
        TestDatabase.execute(uri, "UPDATE message SET expires_at = now() WHERE message_id = 'a'");
        open(D);

        assertThat(keys(waiting(D, 1, 0, 10))).containsExactly(key(D, "b"));
    }

    @Test
    void deliveredOnceAndForAll() {
        store("a");

        Settled delivered = settle("a", Fate.DELIVERED);

        assertThat(delivered.status()).isEqualTo(MessageStatus.DELIVERED);
        assertThat(delivered.finished()).isNotNull();
        for (Fate late : Fate.values()) {
            assertThat(settle("a", late, MessageError.REFUSED_BY_DEVICE)).isEqualTo(delivered);
        }
        assertThat(show(key(D, "a")).error()).isNull();
    }

    @Test
    void failedOnceAndForAll() {
        store("a");

        Settled failed = settle("a", Fate.FAILED, MessageError.TOO_LARGE_FOR_DEVICE);

        assertThat(failed.status()).isEqualTo(MessageStatus.FAILED);
        for (Fate late : Fate.values()) {
            assertThat(settle("a", late, MessageError.REFUSED_BY_DEVICE)).isEqualTo(failed);
        }
        assertThat(show(key(D, "a")).error()).isEqualTo(MessageError.TOO_LARGE_FOR_DEVICE);
    }

    @Test
    void aWrittenMessageIsDeliveredAndWaitsForItsAcknowledgement() {
        store("a");
        open(D);

        Settled written = settle("a", Fate.WRITTEN);
        Waiting again = waiting(D, 1, 0, 10);
        Settled acknowledged = settle("a", Fate.DELIVERED);

        assertThat(written.status()).isEqualTo(MessageStatus.DELIVERED);
        assertThat(keys(again)).containsExactly(key(D, "a"));
        assertThat(acknowledged).isEqualTo(written);
        assertThat(waiting(D, 1, 0, 10).messages()).isEmpty();
        assertThat(show(key(D, "a")).error()).isNull();
    }

    @Test
    void aWrittenMessageThatTheDeviceRefusesIsNotSentAgain() {
        store("a");
        open(D);
        Settled written = settle("a", Fate.WRITTEN);

        Settled refused = settle("a", Fate.FAILED, MessageError.REFUSED_BY_DEVICE);

        assertThat(refused).isEqualTo(written);
        assertThat(waiting(D, 1, 0, 10).messages()).isEmpty();
        assertThat(show(key(D, "a")).error()).isNull();
    }

    @Test
    void aWaitingMessageSaysForWhat() {
        store("a");
        open(D);

        Settled waiting = settle("a", Fate.WAITING, MessageError.NOT_SUBSCRIBED);

        assertThat(waiting).isEqualTo(new Settled(MessageStatus.PENDING, null));
        assertThat(waiting(D, 1, 0, 10).messages().getFirst().error()).isEqualTo(MessageError.NOT_SUBSCRIBED);
        settle("a", Fate.DELIVERED);
        assertThat(show(key(D, "a")).error()).isNull();
    }

    @Test
    void aMessageThatIsGoneHasNoStatus() {
        store("a");
        room.ask(new DeleteMessageRow(key(D, "a")));
        room.ask(new DeleteMessageRow(key(D, "a")));

        assertThat(settle("a", Fate.DELIVERED)).isEqualTo(new Settled(null, null));
        assertThat(room.ask(new SelectMessage(key(D, "a"))).message()).isNull();
    }

    @Test
    void theTimelineTellsTheWholeWay() {
        store("a");
        TimelineStep routed = new TimelineStep(Room.NOW.plusNanos(1000), Kind.ROUTED, "node-1");
        TimelineStep lacking = new TimelineStep(Room.NOW.plusSeconds(1), Kind.NOT_SUBSCRIBED, "a\nb");
        TimelineStep published = new TimelineStep(Room.NOW.plusSeconds(2), Kind.PUBLISHED, null);
        TimelineStep acknowledged = new TimelineStep(Room.NOW.plusSeconds(3), Kind.ACKNOWLEDGED, "");
        room.ask(Letters.settle(key(D, "a"), Fate.WAITING, MessageError.NOT_SUBSCRIBED, routed, lacking));
        room.ask(Letters.settle(key(D, "a"), Fate.WRITTEN, null, published));

        Settled settled = room.ask(Letters.settle(key(D, "a"), Fate.DELIVERED, null, acknowledged));

        StoredMessage stored = show(key(D, "a"));
        assertThat(stored.timeline())
                .containsExactly(
                        Letters.ACCEPTED,
                        new TimelineStep(stored.created(), Kind.STORED, null),
                        routed,
                        new TimelineStep(lacking.time(), Kind.NOT_SUBSCRIBED, "a b"),
                        published,
                        new TimelineStep(settled.finished(), Kind.DELIVERED, null),
                        acknowledged);
    }

    @Test
    void aTimelineDoesNotGrowForEverAndKeepsItsEnd() {
        store("a");
        TimelineStep step = new TimelineStep(Room.NOW, Kind.PUBLISHED, "x".repeat(1000));
        for (int i = 0; i < 100; i++) {
            room.ask(Letters.settle(key(D, "a"), Fate.WAITING, null, step));
        }
        TimelineStep last = new TimelineStep(Room.NOW, Kind.RETURNED, null);

        room.ask(Letters.settle(key(D, "a"), Fate.FAILED, MessageError.REFUSED_BY_DEVICE, last));

        List<TimelineStep> timeline = show(key(D, "a")).timeline();
        assertThat(timeline).hasSizeLessThan(25).contains(last);
        assertThat(timeline.getLast().kind()).isEqualTo(Kind.FAILED);
    }

    @Test
    void settlingABatchLeavesRowsOnTheirPages() {
        List<DeviceId> devices = IntStream.range(0, 50)
                .mapToObj(i -> room.insert(Room.device("x" + i)).id())
                .toList();
        List<Future<Inserted>> inserts = IntStream.range(0, 1000)
                .mapToObj(i ->
                        room.bus.ask(Letters.insert(devices.get(i % devices.size()), Letters.message("m" + i), TWENTY)))
                .toList();
        room.await(Future.all(inserts));
        List<String> before = pages();

        room.await(Future.all(inserts.stream()
                .map(one -> room.bus.ask(Letters.settle(one.result().message().key(), Fate.DELIVERED, null)))
                .toList()));

        assertThat(pages()).filteredOn(before::contains).hasSizeGreaterThan(before.size() * 3 / 4);
    }

    private List<String> pages() {
        return Letters.read(uri, "SELECT concat(tableoid, ' ', (ctid::text::point)[0], ' ', message_id) FROM message");
    }

    @Test
    void aDeviceTakesItsMessagesAlong() {
        room.insert(Room.device("child", "d1", 0));
        room.insert(Room.device("grandchild", "child", 0));
        store("own");
        store(new DeviceId("child"), Letters.message("a"), TWENTY);
        store(new DeviceId("grandchild"), Letters.message("a"), TWENTY);

        room.ask(new DeviceRows.DeleteDeviceRow(new DeviceId("grandchild")));
        List<String> withoutGrandchild = Letters.read(uri, "SELECT child_id FROM message ORDER BY 1");
        room.ask(new DeviceRows.DeleteDeviceRow(new DeviceId("child")));
        List<String> withoutChild = Letters.read(uri, "SELECT child_id FROM message");
        room.ask(new DeviceRows.DeleteDeviceRow(D));

        assertThat(withoutGrandchild).containsExactly("", "child");
        assertThat(withoutChild).containsExactly("");
        assertThat(Letters.read(uri, "SELECT child_id FROM message")).isEmpty();
    }

    @Test
    void whatCameWhileADeviceWasBeingDeletedIsNotForTheNextWithItsId() {
        room.insert(Room.device("child", "d1", 0));
        store("own");
        store(new DeviceId("child"), Letters.message("a"), TWENTY);
        TestDatabase.execute(uri, "DELETE FROM device WHERE parent IS NOT NULL");
        room.insert(Room.device("child", "d1", 0));
        List<String> afterChild = Letters.read(uri, "SELECT child_id FROM message");
        TestDatabase.execute(uri, "DELETE FROM device");

        room.insert(Room.device("d1"));

        assertThat(afterChild).containsExactly("");
        assertThat(Letters.read(uri, "SELECT child_id FROM message")).isEmpty();
    }

    @Test
    void anUnusedRegistrationTakesItsMessagesAlong() {
        room.insert(Room.device("unused", null, 60));
        store(new DeviceId("unused"), Letters.message("a"), TWENTY);
        store("b");

        room.ask(new DeviceRows.DeleteUnused(Room.NOW.plusSeconds(61), 10));

        assertThat(Letters.read(uri, "SELECT message_id FROM message")).containsExactly("b");
    }

    @Test
    void whoSubscribedABroadcastListensUntilItConnectsWithoutThat() {
        for (String id : List.of("d2", "d3", "d4")) {
            open(room.insert(Room.device(id)).id());
            subscribe(id, "$oc/broadcast/news/#");
        }
        open(D);
        subscribe("d1", "other");
        room.ask(new SessionRows.CloseSession(new DeviceId("d3"), 1));
        open(new DeviceId("d4"));

        assertThat(listeners(null, 10)).containsExactly("d2", "d3");
        assertThat(listeners(null, 1)).containsExactly("d2");
        assertThat(listeners(new DeviceId("d2"), 10)).containsExactly("d3");
        assertThat(room.ask(new SelectListeners(new ProjectId("p2"), Room.SPACE, null, 10))
                        .listeners())
                .isEmpty();
        assertThat(room.ask(new SelectListeners(Room.PROJECT, Room.SPACE, null, 1))
                        .listeners()
                        .getFirst()
                        .subscriptions())
                .containsExactly(new Subscription("$oc/broadcast/news/#", 1));
    }

    private List<String> listeners(DeviceId after, int limit) {
        return room.ask(new SelectListeners(Room.PROJECT, Room.SPACE, after, limit)).listeners().stream()
                .map(Listener::device)
                .map(DeviceId::value)
                .toList();
    }

    private void subscribe(String device, String filter) {
        room.ask(new SessionRows.SaveSubscriptions(new DeviceId(device), 1, List.of(new Subscription(filter, 1))));
    }

    private void open(DeviceId device) {
        room.ask(new SessionRows.OpenSession(device, 1, "mqtt/1/0", true, 0));
    }

    private void store(String... ids) {
        for (String id : ids) {
            store(D, Letters.message(id), TWENTY);
        }
    }

    @CanIgnoreReturnValue
    private Inserted store(DeviceId device, Message message, MessageCache cache) {
        return room.ask(Letters.insert(device, message, cache));
    }

    @CanIgnoreReturnValue
    private Settled settle(String id, Fate fate) {
        return room.ask(Letters.settle(key(D, id), fate, null));
    }

    private Settled settle(String id, Fate fate, MessageError error) {
        return room.ask(Letters.settle(key(D, id), fate, error));
    }

    private StoredMessage show(MessageKey key) {
        return room.ask(new SelectMessage(key)).message();
    }

    private Waiting waiting(DeviceId connection, long epoch, long after, int limit) {
        return room.ask(new SelectWaiting(connection, epoch, after, limit));
    }

    private List<String> ids(DeviceId device) {
        return room.ask(new SelectMessages(device, device, 100)).messages().stream()
                .map(m -> m.message().id().value())
                .toList();
    }

    private static List<MessageKey> keys(Waiting waiting) {
        return waiting.messages().stream().map(QueuedMessage::key).toList();
    }

    private static MessageKey key(DeviceId device, String id) {
        return new MessageKey(device, device, new MessageId(id));
    }
}
