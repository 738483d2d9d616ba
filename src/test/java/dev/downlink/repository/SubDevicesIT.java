// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.Secret;
import dev.downlink.model.Versions;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeviceRequest.DeviceView;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.SelectWaiting;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.SubDeviceRequest.Change;
import dev.downlink.protocol.SubDeviceRequest.Changes;
import dev.downlink.protocol.SubDeviceRows.CollectStragglers;
import dev.downlink.protocol.SubDeviceRows.Collected;
import dev.downlink.protocol.SubDeviceRows.MoveDevice;
import dev.downlink.protocol.SubDeviceRows.Moved;
import dev.downlink.protocol.SubDeviceRows.SelectChanges;
import dev.downlink.protocol.SubDeviceRows.UpsertChildStatus;
import dev.downlink.protocol.SubDeviceRows.UpsertVersions;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestRules;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubDevicesIT {
    private static final DeviceId G = new DeviceId("g");
    private static final DeviceId H = new DeviceId("h");
    private static final MessageCache MANY = new MessageCache(20, Overflow.REPLACE_OLDEST);

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @BeforeEach
    void insert() {
        room.insert(Room.device("g"));
        room.insert(Room.device("h"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    // what is reported

    @Test
    void versionsAreShownAndOnesThatAreNotNamedStay() {
        room.ask(new UpsertVersions(G, new Versions("JAVA_v1", "1", null)));

        room.ask(new UpsertVersions(G, new Versions(null, "2", "3")));

        assertThat(view("g").reported()).isEqualTo(new Versions("JAVA_v1", "2", "3"));
        assertThat(view("h").reported()).isEqualTo(Versions.UNKNOWN);
    }

    @Test
    void versionsThatAreTheSameAreNotWrittenAgain() {
        Versions versions = new Versions("JAVA_v1", null, "3");
        room.ask(new UpsertVersions(G, versions));
        String before = row("g");

        room.ask(new UpsertVersions(G, versions));
        room.ask(new UpsertVersions(G, new Versions(null, null, "3")));

        assertThat(row("g")).isEqualTo(before);
    }

    @Test
    void versionsDoNotChangeTheDevice() {
        Device before = view("g").device();

        room.ask(new UpsertVersions(G, new Versions("JAVA_v1", "1", "2")));

        assertThat(view("g").device()).isEqualTo(before);
    }

    @Test
    void reportOfADeviceThatIsNotThereIsRefused() {
        assertThat(room.failure(new UpsertVersions(new DeviceId("x"), new Versions("1", null, null))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("x")));
        assertThat(room.failure(new UpsertChildStatus(new DeviceId("x"), true)))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("x")));
    }

    @Test
    void statusOfAChildIsInactiveUntilItIsOnLineForTheFirstTime() {
        child("a", "g");
        List<DeviceStatus> statuses = new ArrayList<>(List.of(view("a").status()));

        for (boolean online : new boolean[] {false, true, false}) {
            room.ask(new UpsertChildStatus(new DeviceId("a"), online));
            statuses.add(view("a").status());
        }

        assertThat(statuses)
                .containsExactly(
                        DeviceStatus.INACTIVE, DeviceStatus.INACTIVE, DeviceStatus.ONLINE, DeviceStatus.OFFLINE);
        assertThat(view("a").child().firstOnline()).isNotNull();
    }

    @Test
    void statusThatIsTheSameIsNotWrittenAgain() {
        child("a", "g");
        room.ask(new UpsertChildStatus(new DeviceId("a"), true));
        String before = row("a");

        room.ask(new UpsertChildStatus(new DeviceId("a"), true));

        assertThat(row("a")).isEqualTo(before);
    }

    @Test
    void aRuleHearsOfEveryChangeOfAStatusOnce() {
        child("a", "g");
        TestRules.add(uri, "p1", null, "device.status:update", true);

        for (boolean online : new boolean[] {false, true, true, false}) {
            room.ask(new UpsertChildStatus(new DeviceId("a"), online));
        }

        assertThat(Letters.read(
                        uri,
                        "SELECT concat_ws(' ', device_id, subject, body->>'status',"
                                + " body->>'last_online_time' IS NOT NULL) FROM outbox ORDER BY id"))
                .containsExactly("a device.status:update ONLINE t", "a device.status:update OFFLINE t");
    }

    // lists

    @Test
    void listHasWhatHangsBelowAConnectionInTheOrderInWhichItCame() {
        child("a", "g");
        child("b", "a");
        child("c", "h");
        room.ask(new UpsertChildStatus(new DeviceId("a"), true));
        room.ask(new UpsertVersions(new DeviceId("a"), new Versions(null, "1", null)));

        Changes changes = room.ask(new SelectChanges(G, 0, true, 100));

        assertThat(names(changes)).containsExactly("+a", "+b");
        Change first = changes.all().getFirst();
        assertThat(first.device().parent()).isEqualTo(G);
        assertThat(first.device().node().value()).isEqualTo("node-a");
        assertThat(first.device().product().value()).isEqualTo("meter");
        assertThat(first.device().details().name()).isEqualTo("name-a");
        assertThat(first.device().details().status()).isEqualTo(DeviceStatus.ONLINE);
        assertThat(first.device().details().versions().software()).isEqualTo("1");
        assertThat(changes.all().getLast().device().parent()).isEqualTo(new DeviceId("a"));
        assertThat(changes.more()).isFalse();
    }

    @Test
    void versionsOfAListAreGreaterThanAnyThatIsCounted() {
        long now = Instant.now().getEpochSecond();

        child("a", "g");
        child("b", "g");

        Changes changes = room.ask(new SelectChanges(G, 0, true, 100));
        assertThat(changes.all().getFirst().version()).isGreaterThan(now - 10);
        assertThat(changes.all().getLast().version())
                .isGreaterThan(changes.all().getFirst().version());
    }

    @Test
    void onlyWhatChangedAfterAVersionIsRead() {
        child("a", "g");
        child("b", "g");
        long known = last(G);
        child("c", "g");
        delete("a");

        assertThat(names(room.ask(new SelectChanges(G, known, true, 100)))).containsExactly("+c", "-a");
        assertThat(names(room.ask(new SelectChanges(G, last(G), true, 100)))).isEmpty();
    }

    @Test
    void whoKnowsNothingIsNotToldOfWhatIsGone() {
        child("a", "g");
        child("b", "g");
        delete("a");

        assertThat(names(room.ask(new SelectChanges(G, 0, true, 100)))).containsExactly("+b");
    }

    @Test
    void versionThatIsNotKnownYetIsAnsweredWithAll() {
        child("a", "g");

        assertThat(names(room.ask(new SelectChanges(G, last(G) + 1, true, 100))))
                .containsExactly("+a");
        assertThat(names(room.ask(new SelectChanges(G, last(G) + 1, false, 100))))
                .isEmpty();
    }

    @Test
    void versionThatIsNotKnownAnyMoreIsAnsweredWithAll() {
        child("a", "g");
        long known = last(G);
        child("b", "g");
        TestDatabase.execute(uri, """
            INSERT INTO gateway_entry SELECT 'g', 'old_' || i, %d + i, true, 'g', 'n', 'meter' FROM generate_series(1, 1000) i\
            """.formatted(last(G)));
        TestDatabase.execute(uri, "UPDATE gateway_list SET version = version + 1000");

        delete("b");

        assertThat(names(room.ask(new SelectChanges(G, known, true, 2000)))).containsExactly("+a");
        assertThat(Letters.read(uri, "SELECT count(*)::text FROM gateway_entry WHERE removed"))
                .containsExactly("1000");
    }

    @Test
    void listIsReadPageByPage() {
        IntStream.range(0, 5).forEach(i -> child("c" + i, "g"));

        Changes first = room.ask(new SelectChanges(G, 0, true, 3));
        Changes second = room.ask(new SelectChanges(G, first.all().getLast().version(), false, 3));

        assertThat(names(first)).containsExactly("+c0", "+c1", "+c2");
        assertThat(first.more()).isTrue();
        assertThat(names(second)).containsExactly("+c3", "+c4");
        assertThat(second.more()).isFalse();
    }

    @Test
    void gatewayTakesItsListAlong() {
        child("a", "g");
        delete("a");

        delete("g");

        assertThat(Letters.read(uri, "SELECT device_id FROM gateway_entry")).isEmpty();
    }

    // moves

    @Test
    void deviceMovesWithAllBelowIt() {
        Device a = child("a", "g");
        child("b", "a");
        long knownG = last(G);

        Moved moved = room.ask(new MoveDevice(a, true, Room.device("h")));

        assertThat(moved).isEqualTo(new Moved(G, H));
        assertThat(view("a").device().parent()).isEqualTo(H);
        assertThat(view("a").device().version()).isEqualTo(a.version() + 1);
        assertThat(names(room.ask(new SelectChanges(G, knownG, true, 100)))).containsExactly("-a", "-b");
        assertThat(names(room.ask(new SelectChanges(H, 0, true, 100)))).containsExactly("+a", "+b");
    }

    @Test
    void deviceThatStaysBelowItsConnectionHasAnotherParentThere() {
        Device a = child("a", "g");
        child("b", "g");
        long known = last(G);

        Moved moved = room.ask(new MoveDevice(a, false, view("b").device()));

        assertThat(moved).isEqualTo(new Moved(G, G));
        Changes changes = room.ask(new SelectChanges(G, known, true, 100));
        assertThat(names(changes)).containsExactly("+a");
        assertThat(changes.all().getFirst().device().parent()).isEqualTo(new DeviceId("b"));
    }

    @Test
    void messagesMoveInTheirOrder() {
        Device a = child("a", "g");
        child("b", "a");
        send("a", "1");
        send("b", "2");
        send("g", "3");
        room.ask(Letters.settle(
                new MessageKey(G, new DeviceId("a"), Letters.message("1").id()), Fate.WRITTEN, null));
        room.ask(new OpenSession(H, 1, "mqtt/1/0", true, 0));

        room.ask(new MoveDevice(a, true, Room.device("h")));
        send("a", "4");

        assertThat(room.ask(new SelectWaiting(H, 1, 0, 10)).messages().stream()
                        .map(m -> m.key().device() + " " + m.key().id()))
                .containsExactly("a 1", "b 2", "a 4");
        assertThat(Letters.read(uri, "SELECT message_id FROM message WHERE connection_id = 'g'"))
                .containsExactly("3");
    }

    @Test
    void moveThatWasDecidedOnSomethingElseIsRefused() {
        Device a = child("a", "g");
        Device b = child("b", "a");
        Device c = child("c", "g");

        assertThat(room.failure(new MoveDevice(a, false, Room.device("h")))).isInstanceOf(Failure.Conflict.class);
        assertThat(room.failure(new MoveDevice(b, true, Room.device("h")))).isInstanceOf(Failure.Conflict.class);
        assertThat(room.failure(new MoveDevice(b, false, Room.device("c", "h", 0))))
                .isInstanceOf(Failure.Conflict.class);
        room.ask(new MoveDevice(c, false, Room.device("h")));
        assertThat(room.failure(new MoveDevice(c, false, Room.device("h")))).isInstanceOf(Failure.Conflict.class);
    }

    @Test
    void messageThatWasStoredWhileItsDeviceMovedIsCollected() {
        Device a = child("a", "g");
        room.ask(new MoveDevice(a, false, Room.device("h")));
        send("a", "1");
        TestDatabase.execute(uri, "UPDATE message SET connection_id = 'g'");
        Collected early = room.ask(new CollectStragglers(10));
        TestDatabase.execute(uri, "UPDATE gateway_move SET since = since - interval '1 minute'");

        Collected late = room.ask(new CollectStragglers(10));

        assertThat(early.connections()).isEmpty();
        assertThat(late.connections()).containsExactlyInAnyOrder(G, H);
        assertThat(Letters.read(uri, "SELECT connection_id FROM message")).containsExactly("h");
        assertThat(room.ask(new CollectStragglers(10)).connections()).isEmpty();
    }

    /** Both checked that there is room for one more level, and did not see each other. */
    @Test
    void deviceThatMovesAndADeviceThatComesBelowItDoNotMakeThreeLevels() {
        child("a", "g");
        child("b", "h");
        Device b = view("b").device();

        for (int i = 0; i < 20; i++) {
            Device below = Room.device("x" + i, "a", 0);
            Device now = view("a").device();
            boolean up = i % 2 == 1;
            Future<?> comes = room.bus.ask(new DeviceRows.InsertDevice(below, List.of()));
            Future<?> moves = room.bus.ask(new MoveDevice(now, false, up ? Room.device("g") : b));
            room.await(Future.join(comes, moves).otherwiseEmpty());
            assertThat(levels()).isLessThanOrEqualTo(2);
            if (comes.succeeded()) {
                delete("x" + i);
            }
        }
    }

    private int levels() {
        return Integer.parseInt(Letters.read(uri, """
            WITH RECURSIVE tree AS (
                SELECT device_id, 0 AS depth FROM device WHERE parent IS NULL
                UNION ALL SELECT d.device_id, t.depth + 1 FROM tree t JOIN device d ON d.parent = t.device_id)
            SELECT max(depth)::text FROM tree\
            """).getFirst());
    }

    @CanIgnoreReturnValue
    private Device child(String id, String parent) {
        return room.insert(Room.device(id, parent, 0));
    }

    private void delete(String id) {
        room.ask(new DeviceRows.DeleteDeviceRow(new DeviceId(id)));
    }

    private void send(String device, String id) {
        room.ask(Letters.insert(new DeviceId(device), Letters.message(id), MANY));
    }

    private DeviceView view(String id) {
        return room.ask(new DeviceRows.SelectDeviceView(new DeviceId(id)));
    }

    private long last(DeviceId connection) {
        return Long.parseLong(
                Letters.read(uri, "SELECT version::text FROM gateway_list WHERE connection_id = '" + connection + "'")
                        .getFirst());
    }

    private String row(String device) {
        return Letters.read(uri, "SELECT concat(ctid, xmin) FROM device_report WHERE device_id = '" + device + "'")
                .getFirst();
    }

    private static List<String> names(Changes changes) {
        return changes.all().stream()
                .map(c ->
                        (c.device().details() == null ? "-" : "+") + c.device().id())
                .toList();
    }
}
