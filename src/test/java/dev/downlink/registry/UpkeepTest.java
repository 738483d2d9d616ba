// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Room.NODE;
import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Chore;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest.FindKey;
import dev.downlink.protocol.RegistryRequest.FindLogin;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.SessionRows;
import dev.downlink.support.EventLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    private static final Duration MOMENT = Duration.ofMillis(2);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Upkeep.Pace QUICK = new Upkeep.Pace(MOMENT, MOMENT, SILENCE, MOMENT, MOMENT, MOMENT);

    private Room room;

    @BeforeEach
    void open() {
        room = new Room();
    }

    @AfterEach
    void stop() {
        room.close();
    }

    @CanIgnoreReturnValue
    private String start() {
        return room.start(() -> NOW, QUICK, 1);
    }

    private void comesAgain(Class<? extends RepositoryRequest<?>> type) {
        int before = room.repository.asked(type).size();
        await().untilAsserted(() -> assertThat(room.repository.asked(type)).hasSizeGreaterThan(before + 2));
    }

    @Test
    void startShowsTheNodeAndClearsItsEarlierLifeFirst() {
        room.start(() -> NOW, Room.CALM, 1);

        assertThat(room.repository.asked)
                .startsWith(
                        new SessionRows.Beat(NODE.id(), NODE.name()),
                        new SessionRows.ReapNodes(NODE.id(), NODE.name(), Upkeep.FOR_EVER));
    }

    @Test
    void absencesAreToldUntilNoneIsDue() {
        AtomicInteger due = new AtomicInteger(3);
        room.repository.on(
                SessionRows.TellAbsent.class,
                _ -> Future.succeededFuture(new SessionRows.ToldAbsent(1, due.decrementAndGet() > 0)));

        room.start(() -> NOW, Room.CALM, 1);

        assertThat(room.repository.asked(SessionRows.TellAbsent.class)).hasSize(3);
    }

    @Test
    void oneInstanceOfSeveralDoesIt() {
        room.start(() -> NOW, Room.CALM, 4);

        assertThat(room.repository.asked(SessionRows.Beat.class)).hasSize(1);
        assertThat(room.repository.asked(SessionRows.ReapNodes.class)).hasSize(1);
        assertThat(room.repository.asked(DeviceRows.DeleteUnused.class)).hasSize(1);
    }

    @Test
    void allComesAgain() {
        start();

        comesAgain(SessionRows.Beat.class);
        comesAgain(SessionRows.ReapNodes.class);
        comesAgain(DeviceRows.DeleteUnused.class);
        comesAgain(SessionRows.TellAbsent.class);
    }

    @Test
    void unusedRegistrationsAreAnnounced() {
        room.repository.on(
                DeviceRows.DeleteUnused.class, _ -> Future.succeededFuture(new DeviceRows.Deleted(List.of(GATEWAY))));

        start();

        await().untilAsserted(() -> assertThat(room.events).contains(new Notice.DeviceChanged(GATEWAY)));
        assertThat(room.repository.asked).contains(new DeviceRows.DeleteUnused(NOW, 500));
    }

    @Test
    void nodeThatLeftIsTakenForDeadAfterTwoMissedHeartbeats() {
        room.repository.on(
                SessionRows.ReapNode.class,
                _ -> Future.succeededFuture(new SessionRows.Reaped(
                        room.repository.asked(SessionRows.ReapNode.class).size() == 3 ? 1 : 0, 0)));
        start();

        Bus.of(room.vertx).publishHere(new Notice.NodeLeft(7));

        await().untilAsserted(() ->
                assertThat(room.repository.asked(SessionRows.ReapNode.class)).hasSize(3));
        comesAgain(SessionRows.Beat.class);
        assertThat(room.repository.asked(SessionRows.ReapNode.class))
                .hasSize(3)
                .containsOnly(new SessionRows.ReapNode(7, MOMENT.multipliedBy(2)));
    }

    @Test
    void nodeThatLeftAndStillShowsItselfIsLetAlone() {
        start();

        Bus.of(room.vertx).publishHere(new Notice.NodeLeft(7));

        await().untilAsserted(() ->
                assertThat(room.repository.asked(SessionRows.ReapNode.class)).hasSize(6));
        comesAgain(SessionRows.Beat.class);
        assertThat(room.repository.asked(SessionRows.ReapNode.class)).hasSize(6);
    }

    @Test
    void nodeThatWasTakenForDeadTellsItsAdapters() {
        List<Notice> told = new CopyOnWriteArrayList<>();
        Room.get(Bus.of(room.vertx).hear(Notice.SessionsLost.class, told::add));
        room.repository.on(
                SessionRows.Beat.class,
                _ -> Future.succeededFuture(new SessionRows.Beaten(
                        room.repository.asked(SessionRows.Beat.class).size() % 4 == 1)));

        start();

        await().untilAsserted(() -> assertThat(told).isNotEmpty());
        assertThat(room.repository.asked(SessionRows.Beat.class)).hasSizeGreaterThan(4);
    }

    @Test
    void nextHeartbeatWaitsForTheLast() {
        Promise<SessionRows.Beaten> slow = Promise.promise();
        room.repository.on(
                SessionRows.Beat.class,
                _ -> room.repository.asked(SessionRows.Beat.class).size() == 2 ? slow.future() : null);
        start();
        await().until(() -> room.repository.asked(SessionRows.Beat.class).size() == 2);

        comesAgain(SessionRows.ReapNodes.class);

        assertThat(room.repository.asked(SessionRows.Beat.class)).hasSize(2);
        slow.complete(new SessionRows.Beaten(false));
        comesAgain(SessionRows.Beat.class);
    }

    @Test
    void stopForgetsTheNodeAfterTheLastHeartbeat() {
        Promise<SessionRows.Beaten> slow = Promise.promise();
        room.repository.on(
                SessionRows.Beat.class,
                _ -> room.repository.asked(SessionRows.Beat.class).size() == 2 ? slow.future() : null);
        String registry = start();
        await().until(() -> room.repository.asked(SessionRows.Beat.class).size() == 2);

        Future<Void> stopped = room.vertx.undeploy(registry);

        // refused in any case, but not before the room has taken notice of its end
        assertThat(room.refusal(new FindKey("none"))).isNotNull();
        assertThat(room.repository.asked(SessionRows.ForgetNode.class)).isEmpty();
        slow.complete(new SessionRows.Beaten(false));
        Room.get(stopped);
        assertThat(room.repository.asked(SessionRows.ForgetNode.class))
                .containsExactly(new SessionRows.ForgetNode(NODE.id()));
        assertThat(room.repository.asked).last().isEqualTo(new SessionRows.ForgetNode(NODE.id()));
    }

    @Test
    void stopSucceedsWithoutTheRepository() {
        room.repository.on(
                SessionRows.ForgetNode.class, _ -> Future.failedFuture(new Failed(new Failure.StorageUnavailable())));
        String registry = start();

        Future<Void> stopped = room.vertx.undeploy(registry);

        Room.get(stopped);
        assertThat(stopped.succeeded()).isTrue();
    }

    @Test
    void laterDeploymentTakesTheUpkeepOver() {
        String first = start();
        Room.get(room.vertx.undeploy(first));
        int before = room.repository.asked(SessionRows.Beat.class).size();

        start();

        assertThat(room.repository.asked(SessionRows.Beat.class)).hasSizeGreaterThan(before);
    }

    @Test
    void nodeThatCouldNotShowItselfGivesOthersTimeToBeHeard() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        AtomicBoolean broken = new AtomicBoolean(true);
        room.repository.on(
                SessionRows.Beat.class,
                _ -> broken.get() ? Future.failedFuture(new Failed(new Failure.StorageUnavailable())) : null);
        room.start(now::get, QUICK, 1);
        comesAgain(SessionRows.ReapNodes.class);
        broken.set(false);
        comesAgain(SessionRows.Beat.class);
        long tooEarly = judgements();

        now.set(NOW.plus(SILENCE));

        await().untilAsserted(() -> assertThat(judgements()).isPositive());
        assertThat(tooEarly).isZero();
    }

    /** How often a silent node was taken for dead, other than an earlier life of this one. */
    private long judgements() {
        return room.repository.asked.stream()
                .filter(q -> q instanceof SessionRows.ReapNodes reap
                        && reap.silence().equals(SILENCE))
                .count();
    }

    @Test
    void nodeThatWasTakenForDeadSendsItsDevicesAway() {
        AtomicBoolean forgotten = new AtomicBoolean();
        room.repository.on(
                SessionRows.Beat.class,
                _ -> Future.succeededFuture(new SessionRows.Beaten(forgotten.getAndSet(false))));
        start();
        comesAgain(SessionRows.Beat.class);
        assertThat(room.events).doesNotContain(new Notice.SessionsLost());

        forgotten.set(true);

        await().untilAsserted(() -> assertThat(room.events).contains(new Notice.SessionsLost()));
    }

    @Test
    void outageIsLoggedWhenItBeginsAndWhenItEnds() {
        EventLog log = EventLog.of(Chore.class.getName());
        AtomicBoolean broken = new AtomicBoolean(true);
        room.repository.on(
                DeviceRows.DeleteUnused.class,
                _ -> broken.get() ? Future.failedFuture(new Failed(new Failure.StorageUnavailable())) : null);
        start();
        comesAgain(DeviceRows.DeleteUnused.class);
        broken.set(false);
        // the next one comes when the one before is done, and closing would interrupt it
        comesAgain(DeviceRows.DeleteUnused.class);
        comesAgain(DeviceRows.DeleteUnused.class);
        log.close();
        room.close();

        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("removal"))
                .satisfiesExactly(
                        begin -> assertThat(begin).startsWith("removal of unused registrations fails"),
                        end -> assertThat(end).isEqualTo("removal of unused registrations works again"));
        open();
    }

    @Test
    void roomAnswersAlthoughTheUpkeepFails() {
        room.repository.devices.add(Samples.device(GATEWAY, null));
        room.repository.on(
                SessionRows.Beat.class, _ -> Future.failedFuture(new Failed(new Failure.StorageUnavailable())));

        start();

        assertThat(room.ask(new FindLogin(GATEWAY)).device().id()).isEqualTo(GATEWAY);
    }
}
