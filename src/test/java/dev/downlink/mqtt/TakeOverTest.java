// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.downlink.bus.Answer;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.model.RequestId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.AdapterRequest.CloseConnection.Why;
import dev.downlink.protocol.AdapterRequest.Command;
import dev.downlink.protocol.AdapterRequest.DeliverCall;
import dev.downlink.protocol.AdapterRequest.Published;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.SessionRows.CloseSession;
import dev.downlink.support.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
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
        announceChange();
        room.neighbours.hold.complete();

        assertThat(device.readHex()).isEqualTo("20020005");
        assertThat(device.isClosed()).isTrue();
        assertThat(room.neighbours.closed.poll(10, TimeUnit.SECONDS)).isEqualTo(new CloseSession(DEVICE, 1));
    }

    @Test
    void deviceWhoseSecretIsChangedWhileItComesInIsRefused() throws InterruptedException {
        RawClient device = coming();

        AuthInfo other = new AuthInfo(AuthInfo.Type.SECRET, new Secret("another-secret"), null, null, null, false, 0);
        room.neighbours.device("d_1", other);
        announceChange();
        room.neighbours.hold.complete();

        assertThat(device.readHex()).isEqualTo("20020004");
        assertThat(room.neighbours.closed.poll(10, TimeUnit.SECONDS)).isEqualTo(new CloseSession(DEVICE, 1));
    }

    @Test
    void changedDeviceIsLookedUpUntilItIsKnownWhetherItMayStay() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());
        room.neighbours.registryAway = true;
        int before = room.neighbours.lookups.get();
        room.bus.publish(new Notice.DeviceChanged(DEVICE));
        Awaitility.await().until(() -> room.neighbours.lookups.get() > before);

        room.neighbours.device("d_1", Neighbours.BY_SECRET, null, true);
        room.neighbours.registryAway = false;

        assertThat(device.readHex()).isEqualTo("e0028700");
    }

    @Test
    void changedDeviceThatCannotBeLookedUpForLongMayNotStay() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());
        room.neighbours.registryAway = true;

        room.bus.publish(new Notice.DeviceChanged(DEVICE));

        assertThat(device.readHex()).isEqualTo("e0029800");
    }

    @Test
    void sessionIsEndedThatWasOpenedWithoutAnAnswer() throws InterruptedException {
        room.neighbours.answersLost = true;
        room.start();
        RawClient device = room.connect();

        device.send(Packet.connect("d_1").bytes());

        assertThat(device.readHex()).isEqualTo("20020003");
        assertThat(room.neighbours.closed.poll(10, TimeUnit.SECONDS)).isEqualTo(new CloseSession(DEVICE, 1));
    }

    @Test
    void sessionThatIsOpenedTooLateIsEnded() throws InterruptedException {
        room.settings.connectTimeout = Duration.ofSeconds(1);
        RawClient device = coming();

        assertThat(device.readHex()).isEqualTo("20020003");
        assertThat(device.isClosed()).isTrue();
        room.neighbours.hold.complete();

        assertThat(room.neighbours.closed.poll(10, TimeUnit.SECONDS)).isEqualTo(new CloseSession(DEVICE, 1));
    }

    @Test
    void stopWaitsForSessionsThatAreBeingOpened() throws InterruptedException {
        RawClient device = coming();

        Future<Void> stopped = room.stopping();
        assertThat(device.readHex()).isEmpty();
        room.neighbours.hold.complete();
        Outcome.of(stopped);

        assertThat(room.neighbours.closed).containsExactly(new CloseSession(DEVICE, 1));
    }

    @Test
    void callWaitsForADeviceThatIsComingIn() throws InterruptedException {
        RawClient device = coming();
        Future<Published> published = call();
        flush();

        room.neighbours.hold.complete();

        assertThat(device.readHex()).isEqualTo("20020000");
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);
        assertThat(Outcome.of(published)).isEqualTo(new Published(1));
    }

    @Test
    void callWaitsNotForEverForADeviceThatIsComingIn() throws InterruptedException {
        RawClient device = coming();

        assertThat(Outcome.failure(call())).isEqualTo(new Failure.NotHere(DEVICE));
        assertThat(device.isSilent()).isTrue();
    }

    @Test
    void callsThatWaitForADeviceThatIsComingInAreBounded() throws InterruptedException {
        RawClient device = coming();
        List<Future<Published>> calls =
                IntStream.range(0, 101).mapToObj(_ -> call()).toList();

        Failure last = Outcome.failure(calls.getLast());

        assertThat(last).isEqualTo(new Failure.DeviceCongested(DEVICE));
        assertThat(device.isSilent()).isTrue();
    }

    private RawClient coming() throws InterruptedException {
        room.neighbours.hold = Promise.promise();
        room.start();
        RawClient device = room.connect();
        device.send(Packet.connect("d_1").bytes());
        assertThat(room.neighbours.opened.poll(10, TimeUnit.SECONDS)).isNotNull();
        return device;
    }

    private Future<Published> call() {
        return room.ask(new DeliverCall(DEVICE, RequestId.next(1, 2), new Command(DEVICE, null, null, Map.of())));
    }

    private void announceChange() {
        room.bus.publish(new Notice.DeviceChanged(DEVICE));
        flush();
    }

    /** Answered behind what was sent before, since all comes from here and goes to the same loop. */
    private void flush() {
        assertThat(catchThrowableOfType(
                        Failed.class,
                        () -> room.ask(new CloseConnection(new DeviceId("x"), 1, Why.DELETED))
                                .await()))
                .isNotNull();
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
    void goodbyeEndsTheSession() throws InterruptedException {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.DISCONNECT);

        Awaitility.await()
                .untilAsserted(() -> assertThat(room.neighbours.closed).containsExactly(new CloseSession(DEVICE, 1)));
    }

    private Failure refused(DeviceId device) {
        return catchThrowableOfType(
                        Failed.class,
                        () -> room.ask(new CloseConnection(device, 5, Why.FROZEN))
                                .await())
                .failure();
    }
}
