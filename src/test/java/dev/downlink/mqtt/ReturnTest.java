// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static dev.downlink.mqtt.MessageTable.DEVICE;
import static dev.downlink.mqtt.MessageTable.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Answer;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.model.TimelineStep;
import dev.downlink.model.TimelineStep.Kind;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.AdapterRequest.DeliverMessage;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.FetchWaiting;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.SessionRows.CloseSession;
import dev.downlink.support.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages at the end of a connection, of a database, of a node. */
@Timeout(60)
class ReturnTest {
    private static final String SYSTEM = "$oc/devices/d_1/sys/messages/down";

    private static final DeviceId OTHER = new DeviceId("d_2");

    private final Room room = new Room();
    private final MessageTable table = room.neighbours.messages;

    @BeforeEach
    void device() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void messageThatIsNotAcknowledgedReturnsAndIsSentOnTheNextConnection() {
        RawClient first = holding("m1");

        first.close();

        Settle returned = table.nextSettled();
        assertThat(returned.fate()).isEqualTo(Fate.WAITING);
        assertThat(returned.error()).isNull();
        assertThat(returned.steps())
                .endsWith(
                        new TimelineStep(Room.NOW, Kind.PUBLISHED, "QoS 1, attempt 1"),
                        new TimelineStep(Room.NOW, Kind.RETURNED, null));
        assertThat(table.settled).isEmpty();
        assertThat(room.login("d_1").readHex()).isEqualTo(published(1));
    }

    @Test
    void mqtt5DeviceGetsNothingTwiceOnOneConnection() {
        room.settings.resendInterval = Duration.ofSeconds(1);
        room.neighbours.device("d_2", Neighbours.BY_SECRET);
        room.start();
        table.add(message("m1"));
        RawClient five = room.login(Packet.connect("d_1").mqtt5());
        assertThat(five.read()[0]).isEqualTo((byte) 0x32);
        // as long as a device with MQTT 3 needs to get one three times
        RawClient four = room.login("d_2");
        table.add(message("m2"), OTHER);
        room.ask(new AdapterRequest.WakeConnection(OTHER)).await();
        for (int i = 0; i < 3; i++) {
            assertThat(four.read()).isNotEmpty();
        }

        assertThat(five.isAlive()).isTrue();
        five.close();
        assertThat(room.login("d_1").readHex()).isEqualTo(published(1));
    }

    @Test
    void sessionEndsOnlyAfterItsMessagesAreSettled() {
        table.holdSettles = Promise.promise();
        RawClient device = holding("m1");
        device.send(Packet.pubAck(1), Packet.DISCONNECT);
        assertThat(device.isClosed()).isTrue();
        assertThat(table.nextReported().fate()).isEqualTo(Fate.DELIVERED);
        assertThat(room.neighbours.closed).isEmpty();

        table.holdSettles.complete();

        assertClosed(1);
        assertThat(table.reported).isEmpty();
    }

    @Test
    void sessionEndsAlthoughItsMessagesCannotBeSettled() {
        RawClient device = holding("m1");
        table.away = true;

        device.send(Packet.pubAck(1), Packet.DISCONNECT);

        assertClosed(1);
        table.away = false;
        assertThat(table.nextSettled().fate()).isEqualTo(Fate.DELIVERED);
    }

    @Test
    void acknowledgementJustBeforeTheEndCounts() {
        RawClient device = holding("m1");

        device.send(Packet.pubAck(1), Packet.DISCONNECT);

        assertThat(device.isClosed()).isTrue();
        assertThat(table.nextSettled().fate()).isEqualTo(Fate.DELIVERED);
        assertClosed(1);
        assertThat(room.login("d_1").isAlive()).isTrue();
        assertThat(table.reported).hasSize(1);
    }

    @Test
    void reportThatFailsIsRepeatedAndTheFlowStopsMeanwhile() {
        room.settings.maxInflight = 1;
        RawClient device = holding("m1", "m2");
        table.away = true;
        device.send(Packet.pubAck(1));
        assertThat(table.nextReported().fate()).isEqualTo(Fate.DELIVERED);
        assertThat(table.nextReported().fate()).isEqualTo(Fate.DELIVERED);
        assertThat(device.isAlive()).isTrue();

        table.away = false;

        assertThat(table.nextSettled().key().id().value()).isEqualTo("m1");
        assertThat(device.readHex()).isEqualTo(published(2));
    }

    @Test
    void takeOverHereWaitsUntilTheFirstConnectionsMessagesAreSettled() {
        table.holdSettles = Promise.promise();
        RawClient first = holding("m1");
        first.send(Packet.pubAck(1));
        assertThat(table.nextReported().fate()).isEqualTo(Fate.DELIVERED);
        table.pulls.clear();

        RawClient second = room.login("d_1");
        assertThat(second.isAlive()).isTrue();
        assertNothingPulled();
        table.holdSettles.complete();

        assertThat(table.nextPull().epoch()).isEqualTo(2);
        assertThat(second.isAlive()).isTrue();
    }

    @Test
    void takeOverFromAnotherNodeWaitsForItsAnswer() {
        Promise<Done> closed = Promise.promise();
        heldElsewhere(closed.future());
        room.start();
        table.add(message("m1"));

        RawClient device = room.login("d_1");
        assertThat(device.isAlive()).isTrue();
        assertNothingPulled();
        closed.complete(Done.DONE);

        assertThat(device.readHex()).isEqualTo(published(1));
    }

    @Test
    void takeOverFromAnotherNodeThatDoesNotAnswerDoesNotWaitForEver() {
        heldElsewhere(Promise.<Done>promise().future());
        room.start();
        table.add(message("m1"));

        assertThat(room.login("d_1").readHex()).isEqualTo(published(1));
    }

    @Test
    void orderToCloseIsAnsweredWhenTheMessagesAreSettled() {
        table.holdSettles = Promise.promise();
        RawClient device = holding("m1");

        Future<Done> closed = room.ask(new CloseConnection(DEVICE, 1, CloseConnection.Why.TAKEN_OVER));

        assertThat(device.isClosed()).isTrue();
        assertThat(table.nextReported().fate()).isEqualTo(Fate.WAITING);
        assertThat(closed.isComplete()).isFalse();
        table.holdSettles.complete();
        assertThat(Outcome.of(closed)).isEqualTo(Done.DONE);
    }

    @Test
    void stopReturnsWhatIsNotAcknowledgedBeforeItEndsTheSessions() {
        table.holdSettles = Promise.promise();
        RawClient device = holding("m1");

        Future<Void> stopped = room.stopping();
        assertThat(device.isClosed()).isTrue();
        assertThat(table.nextReported().fate()).isEqualTo(Fate.WAITING);
        assertThat(room.neighbours.closed).isEmpty();
        table.holdSettles.complete();

        Outcome.of(stopped);
        assertThat(room.neighbours.closed).containsExactly(new CloseSession(DEVICE, 1));
    }

    @Test
    void whenANodeDiesEveryConnectionLooksForWhatItMayHaveStored() {
        RawClient device = holding("m1");
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled().fate()).isEqualTo(Fate.DELIVERED);
        table.add(message("m2"));

        room.bus.publishHere(new Notice.NodeLeft(5));

        assertThat(device.readHex()).isEqualTo(published(2));
    }

    /** A connection to which messages were published, of which none is acknowledged. */
    private RawClient holding(String... ids) {
        room.start();
        RawClient device = room.login("d_1");
        table.nextPull();
        for (String id : ids) {
            room.ask(new DeliverMessage(table.add(message(id)), 0, Address.delivery(1, 2)))
                    .await();
        }
        assertThat(device.readHex()).isEqualTo(published(1));
        return device;
    }

    /** What was asked before is answered before, since all goes to the same place. */
    private void assertNothingPulled() {
        FetchWaiting last = new FetchWaiting(OTHER, 1, 0, 1);
        room.bus.ask(last).await();
        assertThat(table.pulls).containsExactly(last);
        table.pulls.clear();
    }

    private void heldElsewhere(Future<Done> closed) {
        Address elsewhere = Address.mqtt(99, 0);
        room.bus
                .answer(elsewhere, AdapterRequest.class, 10, _ -> new Answer<>(closed))
                .await();
        room.neighbours.holders.put(DEVICE, new Presence.Holder(elsewhere.value(), 41));
        room.neighbours.epochs.put(DEVICE, 41L);
    }

    private void assertClosed(long epoch) {
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(room.neighbours.closed).containsExactly(new CloseSession(DEVICE, epoch)));
    }

    private static String published(int id) {
        return RawClient.hex(Packet.publish(id, SYSTEM, "hello"));
    }
}
