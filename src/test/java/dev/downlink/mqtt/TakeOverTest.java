// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.downlink.bus.Answer;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.AdapterRequest.CloseConnection.Why;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.SessionRows.CloseSession;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TakeOverTest {
    private static final DeviceId DEVICE = new DeviceId("d_1");

    private final Room room = new Room();

    @BeforeEach
    void device() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void laterConnectionWinsAndAnMqtt5DeviceIsToldWhy(int instances) {
        room.start(instances);
        RawClient first = room.login(Packet.connect("d_1").mqtt5());

        RawClient second = room.login("d_1");

        assertThat(first.readHex()).isEqualTo("e0028e00");
        assertThat(first.isClosed()).isTrue();
        assertThat(second.isAlive()).isTrue();
        assertThat(room.neighbours.closed).isEmpty();
    }

    @Test
    void holderOnAnotherNodeIsToldToClose() throws InterruptedException {
        BlockingQueue<AdapterRequest<?>> told = new LinkedBlockingQueue<>();
        Address elsewhere = Address.mqtt(99, 0);
        room.bus
                .answer(elsewhere, AdapterRequest.class, 10, q -> {
                    told.add(q);
                    return new Answer<>(Future.succeededFuture(Done.DONE));
                })
                .await();
        room.neighbours.holders.put(DEVICE, new Presence.Holder(elsewhere.value(), 41));
        room.neighbours.epochs.put(DEVICE, 41L);
        room.start();

        RawClient device = room.login("d_1");

        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new CloseConnection(DEVICE, 41, Why.TAKEN_OVER));
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void deadHolderDoesNotKeepTheDeviceOut() {
        room.neighbours.holders.put(DEVICE, new Presence.Holder("mqtt/dead/0", 41));
        room.neighbours.epochs.put(DEVICE, 41L);
        room.start();

        assertThat(room.login("d_1").isAlive()).isTrue();
    }

    @Test
    void orderToCloseThatComesWhileOpeningWins() throws InterruptedException {
        room.neighbours.hold = Promise.promise();
        room.start();
        RawClient device = room.connect();
        device.send(Packet.connect("d_1").bytes());
        assertThat(room.neighbours.opened.poll(10, TimeUnit.SECONDS)).isNotNull();

        room.ask(new CloseConnection(DEVICE, 1, Why.FROZEN)).await();
        room.neighbours.hold.complete();

        assertThat(device.readHex()).isEqualTo("20020005");
        assertThat(device.isClosed()).isTrue();
        assertThat(room.neighbours.closed.poll(10, TimeUnit.SECONDS)).isEqualTo(new CloseSession(DEVICE, 1));
    }

    @Test
    void orderForAnEarlierConnectionDoesNotHurtTheOneThatIsOpening() throws InterruptedException {
        room.neighbours.epochs.put(DEVICE, 5L);
        room.neighbours.hold = Promise.promise();
        room.start();
        RawClient device = room.connect();
        device.send(Packet.connect("d_1").bytes());
        assertThat(room.neighbours.opened.poll(10, TimeUnit.SECONDS)).isNotNull();

        room.ask(new CloseConnection(DEVICE, 5, Why.TAKEN_OVER)).await();
        room.neighbours.hold.complete();

        assertThat(device.readHex()).isEqualTo("20020000");
    }

    @Test
    void deviceThatIsFrozenWhileItComesInMayNotStay() throws InterruptedException {
        room.neighbours.hold = Promise.promise();
        room.start();
        RawClient device = room.connect();
        device.send(Packet.connect("d_1").bytes());
        assertThat(room.neighbours.opened.poll(10, TimeUnit.SECONDS)).isNotNull();

        room.neighbours.device("d_1", Neighbours.BY_SECRET, null, true);
        room.bus.publish(new Notice.DeviceChanged(DEVICE));
        // answered behind the notice, since both come from here and go to the same loop
        assertThat(catchThrowableOfType(
                        Failed.class,
                        () -> room.ask(new CloseConnection(new DeviceId("x"), 1, Why.DELETED))
                                .await()))
                .isNotNull();
        room.neighbours.hold.complete();

        assertThat(device.readHex()).isEqualTo("20020000");
        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void deviceThatIsGoneFromTheRegistryMayNotStay() {
        room.start();
        RawClient device = room.login("d_1");
        room.neighbours.devices.clear();

        room.bus.publish(new Notice.DeviceChanged(DEVICE));

        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void deviceThatWasChangedOtherwiseStays() {
        room.start();
        RawClient device = room.login("d_1");

        room.bus.publish(new Notice.DeviceChanged(DEVICE));

        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void connackWaitsForTheSessionsRow() throws InterruptedException {
        room.neighbours.hold = Promise.promise();
        room.start();
        RawClient device = room.connect();
        device.send(Packet.connect("d_1").bytes(), Packet.PING);
        assertThat(room.neighbours.opened.poll(10, TimeUnit.SECONDS)).isNotNull();

        assertThat(device.isSilent()).isTrue();
        room.neighbours.hold.complete();

        assertThat(device.readHex()).isEqualTo("20020000");
        assertThat(device.readHex()).isEqualTo("d000");
    }

    @Test
    void deviceThatLeavesWhileOpeningLeavesNoSession() throws InterruptedException {
        room.neighbours.hold = Promise.promise();
        room.start();
        RawClient device = room.connect();
        device.send(Packet.connect("d_1").bytes());
        assertThat(room.neighbours.opened.poll(10, TimeUnit.SECONDS)).isNotNull();

        device.close();
        room.neighbours.hold.complete();

        assertThat(room.neighbours.closed.poll(10, TimeUnit.SECONDS)).isEqualTo(new CloseSession(DEVICE, 1));
    }

    @ParameterizedTest
    @CsvSource({"FROZEN, 87", "DELETED, 87", "CREDENTIALS_CHANGED, 98", "SESSION_LOST, 98", "TAKEN_OVER, 8e"})
    void connectionIsClosedWhenAskedFor(Why why, String reason) {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        room.ask(new CloseConnection(DEVICE, 1, why)).await();

        assertThat(device.readHex()).isEqualTo("e002" + reason + "00");
        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void newerConnectionAndAbsentOneAreNotHere() {
        room.neighbours.epochs.put(DEVICE, 5L);
        room.start();
        RawClient device = room.login("d_1");

        assertThat(refused(DEVICE)).isEqualTo(new Failure.NotHere(DEVICE));
        assertThat(refused(new DeviceId("d_2"))).isEqualTo(new Failure.NotHere(new DeviceId("d_2")));
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void onlineAndOfflineAreAnnounced() throws InterruptedException {
        BlockingQueue<Notice.Event> events = new LinkedBlockingQueue<>();
        room.bus.hear(Notice.DeviceOnline.class, events::add).await();
        room.bus.hear(Notice.DeviceOffline.class, events::add).await();
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.DISCONNECT);

        assertThat(events.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new Notice.DeviceOnline(DEVICE, 1, room.address().value()));
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new Notice.DeviceOffline(DEVICE, 1));
        assertThat(room.neighbours.closed).containsExactly(new CloseSession(DEVICE, 1));
    }

    private Failure refused(DeviceId device) {
        return catchThrowableOfType(
                        Failed.class,
                        () -> room.ask(new CloseConnection(device, 5, Why.FROZEN))
                                .await())
                .failure();
    }
}
