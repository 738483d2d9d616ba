// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceProperties;
import dev.downlink.protocol.AdapterRequest.Call;
import dev.downlink.protocol.AdapterRequest.Command;
import dev.downlink.protocol.AdapterRequest.DeliverCall;
import dev.downlink.protocol.AdapterRequest.FindProgress;
import dev.downlink.protocol.AdapterRequest.PropertiesGet;
import dev.downlink.protocol.AdapterRequest.PropertiesSet;
import dev.downlink.protocol.AdapterRequest.Published;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Failure.Progress;
import dev.downlink.support.Outcome;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final DeviceId DEVICE = new DeviceId("d_1");
    private static final RequestId REQUEST = RequestId.next(1, 2);
    private static final String TOPIC = "$oc/devices/d_1/sys/commands/request_id=" + REQUEST;

    private final Room room = new Room();

    @BeforeEach
    void device() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void commandIsPublishedByteByByteAsTheContractSays() {
        room.start();
        RawClient device = room.login("d_1");
        Map<String, Object> paras = new LinkedHashMap<>();
        paras.put("value", "ON");
        paras.put("level", new BigDecimal("1.50"));
        paras.put("none", null);

        Published published = deliver(REQUEST, new Command(DEVICE, "WaterMeter", "ON_OFF", paras));

        assertThat(published).isEqualTo(new Published(1));
        assertThat(device.readHex())
                .isEqualTo(RawClient.hex(Packet.publish(
                        1,
                        TOPIC,
                        "{\"object_device_id\":\"d_1\",\"service_id\":\"WaterMeter\",\"command_name\":\"ON_OFF\","
                                + "\"paras\":{\"value\":\"ON\",\"level\":1.50,\"none\":null}}")));
    }

    @Test
    void commandOfASubDeviceGoesToItsGatewaysTopicAndAbsentKeysAreLeftOut() {
        room.start();
        RawClient device = room.login("d_1");

        deliver(REQUEST, new Command(new DeviceId("child"), null, null, Map.of()));

        assertThat(device.readHex())
                .isEqualTo(RawClient.hex(Packet.publish(1, TOPIC, "{\"object_device_id\":\"child\",\"paras\":{}}")));
    }

    @Test
    void propertiesToSetArePublishedByteByByteAsTheContractSays() {
        room.start();
        RawClient device = room.login("d_1");
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("level", new BigDecimal("1.50"));
        values.put("name", "水");
        List<ServiceProperties> services = List.of(
                new ServiceProperties("WaterMeter", values), new ServiceProperties("Battery", Map.of("saver", true)));

        deliver(REQUEST, new PropertiesSet(new DeviceId("child"), services));

        assertThat(device.readHex())
                .isEqualTo(RawClient.hex(Packet.publish(
                        1,
                        "$oc/devices/d_1/sys/properties/set/request_id=" + REQUEST,
                        "{\"object_device_id\":\"child\",\"services\":["
                                + "{\"service_id\":\"WaterMeter\",\"properties\":{\"level\":1.50,\"name\":\"水\"}},"
                                + "{\"service_id\":\"Battery\",\"properties\":{\"saver\":true}}]}")));
    }

    @Test
    void questionForPropertiesIsPublishedByteByByteAsTheContractSays() {
        room.start();
        RawClient device = room.login("d_1");

        deliver(REQUEST, new PropertiesGet(DEVICE, "WaterMeter"));

        assertThat(device.readHex())
                .isEqualTo(RawClient.hex(Packet.publish(
                        1,
                        "$oc/devices/d_1/sys/properties/get/request_id=" + REQUEST,
                        "{\"object_device_id\":\"d_1\",\"service_id\":\"WaterMeter\"}")));
    }

    @Test
    void progressIsThatOfTheCallsOwnTopic() {
        room.start();
        RawClient device = room.login("d_1");
        device.send(Packet.subscribe(1, "$oc/devices/d_1/sys/properties/get/#", 0));
        assertThat(device.readHex()).isEqualTo("9003000100");

        deliver(REQUEST, new PropertiesGet(DEVICE, "WaterMeter"));

        assertThat(device.read()[0]).isEqualTo((byte) 0x30);
        assertThat(progress(1, CallKind.PROPERTIES_GET)).isEqualTo(Progress.PUBLISHED);
    }

    @Test
    void subscriptionDecidesTheQosAndSeveralMakeOneCopy() {
        room.start();
        RawClient device = room.login("d_1");
        device.send(
                Packet.subscribe(1, "$oc/devices/d_1/sys/commands/#", 0),
                Packet.subscribe(2, "$oc/devices/d_1/sys/#", 0));
        assertThat(device.readHex()).isEqualTo("9003000100");
        assertThat(device.readHex()).isEqualTo("9003000200");

        deliver(REQUEST, empty());

        assertThat(device.read()[0]).isEqualTo((byte) 0x30);
        assertThat(device.isAlive()).isTrue();
        assertThat(progress(1)).isEqualTo(Progress.PUBLISHED);
    }

    @Test
    void implicitQosIsTheSettings() {
        room.settings.implicitQos = 0;
        room.start();
        RawClient device = room.login("d_1");

        deliver(REQUEST, empty());

        assertThat(device.read()[0]).isEqualTo((byte) 0x30);
    }

    @Test
    void withoutImplicitSubscriptionsADeviceHasToSubscribe() {
        room.settings.implicitSubscriptions = false;
        room.start();
        RawClient device = room.login("d_1");

        Failure before = refused(REQUEST, empty());
        device.send(Packet.subscribe(1, "$oc/devices/d_1/sys/commands/#", 1));
        assertThat(device.readHex()).isEqualTo("9003000101");

        assertThat(before).isEqualTo(new Failure.NotSubscribed(DEVICE, TOPIC));
        assertThat(deliver(REQUEST, empty())).isEqualTo(new Published(1));
    }

    @Test
    void progressFollowsTheAcknowledgement() {
        room.start();
        RawClient device = room.login("d_1");
        deliver(REQUEST, empty());

        Progress before = progress(1);
        device.send(Packet.pubAck(1));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);
        assertThat(device.isAlive()).isTrue();

        assertThat(before).isEqualTo(Progress.NOT_ACKNOWLEDGED);
        assertThat(progress(1)).isEqualTo(Progress.ACKNOWLEDGED);
        assertThat(progress(2)).isEqualTo(Progress.CONNECTION_LOST);
    }

    @Test
    void deviceThatIsNotHereIsSaidToBeSo() {
        room.start();

        assertThat(refused(REQUEST, empty())).isEqualTo(new Failure.NotHere(DEVICE));
        assertThat(progress(1)).isEqualTo(Progress.CONNECTION_LOST);
    }

    @Test
    void windowIsBoundedAndIdsInFlightAreNotUsedAgain() {
        room.settings.maxInflight = 2;
        room.settings.maxWaiting = 0;
        room.start();
        RawClient device = room.login("d_1");
        deliver(RequestId.next(1, 2), empty());
        deliver(RequestId.next(1, 2), empty());

        Failure third = refused(REQUEST, empty());
        device.send(Packet.pubAck(99), Packet.pubAck(2));
        byte[] first = device.read();
        byte[] second = device.read();
        assertThat(device.isAlive()).isTrue();
        deliver(REQUEST, empty());

        assertThat(third).isEqualTo(new Failure.DeviceCongested(DEVICE));
        assertThat(IntStream.of(packetId(first), packetId(second), packetId(device.read())))
                .containsExactly(1, 2, 3);
    }

    @Test
    void withoutRoomToWaitACallBeyondTheWindowIsRefusedAtOnce() {
        Backlog none = new Backlog(0);

        assertThat(none.isFull()).isTrue();
    }

    @Test
    void callBeyondTheWindowWaitsForAnAcknowledgement() {
        room.settings.maxInflight = 1;
        room.start();
        RawClient device = room.login("d_1");
        deliver(RequestId.next(1, 2), empty());
        Future<Published> second = room.ask(new DeliverCall(DEVICE, REQUEST, empty()));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);

        device.send(Packet.pubAck(1));

        assertThat(Outcome.of(second)).isEqualTo(new Published(1));
        assertThat(new String(device.read(), StandardCharsets.UTF_8)).contains(REQUEST.toString());
    }

    @Test
    void callDoesNotWaitForEver() {
        room.settings.maxInflight = 1;
        room.start();
        RawClient device = room.login("d_1");
        deliver(RequestId.next(1, 2), empty());

        assertThat(refused(REQUEST, empty())).isEqualTo(new Failure.DeviceCongested(DEVICE));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void callThatWaitsIsNotHereWhenTheConnectionEnds() {
        room.settings.maxInflight = 1;
        room.settings.maxWaiting = 1;
        room.start();
        RawClient device = room.login("d_1");
        deliver(RequestId.next(1, 2), empty());
        Future<Published> second = room.ask(new DeliverCall(DEVICE, REQUEST, empty()));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);
        // no room for a third, so the second waits
        assertThat(refused(RequestId.next(1, 2), empty())).isEqualTo(new Failure.DeviceCongested(DEVICE));

        device.close();

        assertThat(Outcome.failure(second)).isEqualTo(new Failure.NotHere(DEVICE));
    }

    @Test
    void receiveMaximumOfMqtt5NarrowsTheWindow() {
        room.settings.maxWaiting = 0;
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5().properties("210001"));
        deliver(RequestId.next(1, 2), empty());

        assertThat(refused(REQUEST, empty())).isEqualTo(new Failure.DeviceCongested(DEVICE));
        device.send(Packet.hex("4003000187"));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);
        assertThat(device.isAlive()).isTrue();
        assertThat(deliver(REQUEST, empty())).isEqualTo(new Published(1));
    }

    @Test
    void packetLargerThanAnMqtt5DeviceTakesIsNotSent() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5().properties("2700000080"));

        Failure failure = refused(REQUEST, command("x".repeat(200)));

        assertThat(failure).isEqualTo(new Failure.TooLarge(128));
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void deviceThatDoesNotReadGetsNoMoreAndOthersAreServed() {
        room.neighbours.device("d_2", Neighbours.BY_SECRET);
        room.settings.maxUnwritten = 256 * 1024;
        room.settings.maxUplinkRate = 1000;
        room.settings.maxInflight = 60_000;
        room.start();
        RawClient silent = room.login("d_1");
        RawClient other = room.login("d_2");
        Command big = command("x".repeat(200_000));

        Failure failure = null;
        for (int i = 0; i < 1000 && failure == null; i++) {
            Throwable e = catchThrowableOfType(Throwable.class, () -> deliver(RequestId.next(1, 2), big));
            failure = e instanceof Failed failed ? failed.failure() : null;
        }

        assertThat(failure).isEqualTo(new Failure.DeviceCongested(DEVICE));
        assertThat(other.isAlive()).isTrue();
        // answers have room up to the bound, and then the connection ends
        silent.send(Packet.hex("c000".repeat(10_000)));
        assertThat(closedEpoch()).isEqualTo(1);
    }

    private long closedEpoch() {
        try {
            return room.neighbours.closed.poll(10, TimeUnit.SECONDS).epoch();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Command empty() {
        return new Command(DEVICE, null, null, Map.of());
    }

    private static Command command(String value) {
        return new Command(DEVICE, null, null, Map.of("value", value));
    }

    private static int packetId(byte[] publish) {
        int at = new String(publish, StandardCharsets.ISO_8859_1).indexOf("request_id=") + 11 + 36;
        return (publish[at] & 0xff) << 8 | (publish[at + 1] & 0xff);
    }

    @CanIgnoreReturnValue
    private Published deliver(RequestId request, Call call) {
        return room.ask(new DeliverCall(DEVICE, request, call)).await();
    }

    private Failure refused(RequestId request, Command command) {
        return catchThrowableOfType(Failed.class, () -> deliver(request, command))
                .failure();
    }

    private Progress progress(long epoch) {
        return progress(epoch, CallKind.COMMAND);
    }

    private Progress progress(long epoch, CallKind kind) {
        return room.ask(new FindProgress(DEVICE, epoch, kind, REQUEST)).await().progress();
    }
}
