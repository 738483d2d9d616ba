// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.model.Subscription;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SessionRows.Beat;
import dev.downlink.protocol.SessionRows.Beaten;
import dev.downlink.protocol.SessionRows.CloseSession;
import dev.downlink.protocol.SessionRows.EndOrphans;
import dev.downlink.protocol.SessionRows.ForgetNode;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.SessionRows.Opened;
import dev.downlink.protocol.SessionRows.ReapNode;
import dev.downlink.protocol.SessionRows.ReapNodes;
import dev.downlink.protocol.SessionRows.Reaped;
import dev.downlink.protocol.SessionRows.SaveSubscriptions;
import dev.downlink.protocol.SessionRows.SelectPresence;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionsIT {
    private static final DeviceId D = new DeviceId("d1");
    private static final List<Subscription> TOPICS = List.of(new Subscription("a/+", 1), new Subscription("b", 0));

    private final Room room = Room.furnished(TestDatabase.fresh());

    @BeforeEach
    void insert() {
        room.insert(Room.device("d1"));
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aDeviceThatNeverConnectedIsNowhere() {
        assertThat(room.ask(new SelectPresence(D)).presence()).isNull();
    }

    @Test
    void theNextHolderLearnsOfThePreviousOne() {
        Opened first = open("a", true, 0);
        Opened second = open("b", true, 0);

        assertThat(first).isEqualTo(new Opened(1, null, List.of(), false));
        assertThat(second).isEqualTo(new Opened(2, new Presence.Holder("a", 1), List.of(), false));
        assertThat(room.ask(new SelectPresence(D)).presence().holder()).isEqualTo(new Presence.Holder("b", 2));
    }

    @Test
    void aClosedSessionHasNoHolderAndKeepsItsEpoch() {
        open("a", true, 0);
        room.ask(new CloseSession(D, 1));

        Opened next = open("b", true, 0);

        assertThat(next.epoch()).isEqualTo(2);
        assertThat(next.previous()).isNull();
    }

    @Test
    void whatComesTooLateChangesNothing() {
        open("a", false, 60);
        open("b", false, 60);

        room.ask(new CloseSession(D, 1));
        room.ask(new SaveSubscriptions(D, 1, TOPICS));

        assertThat(room.ask(new SelectPresence(D)).presence().holder()).isEqualTo(new Presence.Holder("b", 2));
        assertThat(open("c", false, 60).subscriptions()).isEmpty();
    }

    @Test
    void subscriptionsAreKeptForWhoWantsThem() {
        open("a", false, 60);
        room.ask(new SaveSubscriptions(D, 1, TOPICS));
        room.ask(new CloseSession(D, 1));

        Opened resumed = open("b", false, 60);
        Opened clean = open("c", true, 60);
        Opened after = open("d", false, 60);

        assertThat(resumed.subscriptions()).isEqualTo(TOPICS);
        assertThat(resumed.present()).isTrue();
        assertThat(clean.subscriptions()).isEmpty();
        assertThat(clean.present()).isFalse();
        assertThat(after.subscriptions()).isEmpty();
    }

    @Test
    void nothingIsKeptWithoutATimeToKeepIt() {
        open("a", false, 0);
        room.ask(new SaveSubscriptions(D, 1, TOPICS));
        room.ask(new CloseSession(D, 1));

        Opened next = open("b", false, 4_294_967_295L);

        assertThat(next.present()).isFalse();
        assertThat(next.subscriptions()).isEmpty();
        assertThat(open("c", false, Long.MAX_VALUE).present()).isTrue();
    }

    @Test
    void manyAtOnceGetGrowingEpochsAndEachOtherAsPrevious() {
        int many = 300;
        List<Future<Opened>> opens = IntStream.rangeClosed(1, many)
                .mapToObj(i -> room.bus.ask(new OpenSession(D, 1, "a" + i, true, 0)))
                .toList();

        room.await(Future.all(opens));

        List<Opened> results = opens.stream().map(Future::result).toList();
        assertThat(results.stream().map(Opened::epoch))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, many).boxed().toList());
        for (int i = 1; i < many; i++) {
            assertThat(results.get(i).previous()).isEqualTo(new Presence.Holder("a" + i, i));
        }
    }

    @Test
    void anUnknownDeviceFailsAloneInItsBatch() {
        List<Future<Opened>> opens = IntStream.range(0, 10)
                .mapToObj(i ->
                        room.bus.ask(new OpenSession(i == 5 ? new DeviceId("none") : insert("x" + i), 1, "a", true, 0)))
                .toList();

        room.await(Future.join(opens).transform(_ -> Future.succeededFuture()));

        assertThat(opens.stream().filter(Future::succeeded).count()).isEqualTo(9);
        assertThat(room.failure(new OpenSession(new DeviceId("none"), 1, "a", true, 0)))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("none")));
    }

    @Test
    void deadAndEarlierNodesLoseTheirSessions() {
        room.ask(new Beat(1, "one"));
        room.ask(new Beat(2, "two"));
        room.ask(new Beat(3, "two"));
        room.ask(new OpenSession(D, 2, "a", true, 0));

        Reaped earlierLife = room.ask(new ReapNodes(3, "two", Duration.ofHours(1)));
        Reaped again = room.ask(new ReapNodes(3, "two", Duration.ofHours(1)));
        Reaped silent = room.ask(new ReapNodes(3, "two", Duration.ofMillis(-1)));

        assertThat(earlierLife).isEqualTo(new Reaped(1, 1));
        assertThat(again).isEqualTo(new Reaped(0, 0));
        assertThat(silent).isEqualTo(new Reaped(1, 0));
        assertThat(room.ask(new SelectPresence(D)).presence().holder()).isNull();
    }

    @Test
    void oneSilentNodeLosesItsSessions() {
        room.ask(new Beat(1, "one"));
        room.ask(new Beat(2, "two"));
        room.ask(new OpenSession(D, 2, "a", true, 0));

        Reaped alive = room.ask(new ReapNode(2, Duration.ofHours(1)));
        Reaped silent = room.ask(new ReapNode(2, Duration.ofMillis(-1)));
        Reaped gone = room.ask(new ReapNode(2, Duration.ofMillis(-1)));

        assertThat(List.of(alive, silent, gone)).containsExactly(new Reaped(0, 0), new Reaped(1, 1), new Reaped(0, 0));
        assertThat(room.ask(new Beat(1, "one"))).isEqualTo(new Beaten(false));
        assertThat(room.ask(new Beat(2, "two"))).isEqualTo(new Beaten(true));
    }

    @Test
    void aNodeThatStopsTakesItsSessionsAlong() {
        room.ask(new Beat(2, "two"));
        room.ask(new OpenSession(D, 2, "a", true, 0));

        assertThat(room.ask(new ForgetNode(2))).isEqualTo(new Reaped(1, 1));
    }

    @Test
    void heartbeatTellsWhetherTheNodeWasForgotten() {
        assertThat(room.ask(new Beat(7, "seven"))).isEqualTo(new Beaten(true));
        assertThat(room.ask(new Beat(7, "seven"))).isEqualTo(new Beaten(false));
        room.ask(new ForgetNode(7));

        assertThat(room.ask(new Beat(7, "seven"))).isEqualTo(new Beaten(true));
    }

    @Test
    void sessionOfANodeThatNobodyKnowsEnds() {
        room.ask(new Beat(1, "one"));
        open("here", true, 0);
        DeviceId orphan = insert("orphan");
        room.ask(new OpenSession(orphan, 99, "gone", true, 0));

        Reaped ended = room.ask(new EndOrphans());

        assertThat(ended).isEqualTo(new Reaped(0, 1));
        assertThat(room.ask(new SelectPresence(orphan)).presence().holder()).isNull();
        assertThat(room.ask(new SelectPresence(D)).presence().holder()).isNotNull();
    }

    @CanIgnoreReturnValue
    private Opened open(String address, boolean clean, long keep) {
        return room.ask(new OpenSession(D, 1, address, clean, keep));
    }

    private DeviceId insert(String id) {
        return room.insert(Room.device(id)).id();
    }
}
