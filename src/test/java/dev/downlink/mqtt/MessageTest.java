// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static dev.downlink.mqtt.MessageTable.DEVICE;
import static dev.downlink.mqtt.MessageTable.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.config.Settings.Messages.DeliveredOn;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.Message.Encoding;
import dev.downlink.model.Message.Format;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.RequestId;
import dev.downlink.model.TimelineStep;
import dev.downlink.model.TimelineStep.Kind;
import dev.downlink.model.UserProperty;
import dev.downlink.protocol.AdapterRequest.Command;
import dev.downlink.protocol.AdapterRequest.DeliverCall;
import dev.downlink.protocol.AdapterRequest.DeliverMessage;
import dev.downlink.protocol.AdapterRequest.Published;
import dev.downlink.protocol.AdapterRequest.WakeConnection;
import dev.downlink.protocol.AdapterRequest.WithdrawMessage;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.QueuedMessage;
import dev.downlink.support.Outcome;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
class MessageTest {
    private static final Address ORIGIN = Address.delivery(1, 2);
    private static final String SYSTEM = "$oc/devices/d_1/sys/messages/down";
    private static final String FREE = "free/topic";

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

    // pulled

    @Test
    void messageThatWaitedIsPublishedAfterConnackAndDeliveredAtPuback() {
        room.start();
        QueuedMessage waited = table.add(message("m1"));

        RawClient device = room.login("d_1");

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        assertThat(table.settled).isEmpty();
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled())
                .isEqualTo(new Settle(
                        waited.key(),
                        Fate.DELIVERED,
                        null,
                        List.of(
                                step(Kind.ROUTED, "test"),
                                step(Kind.PUBLISHED, "QoS 1, attempt 1"),
                                step(Kind.ACKNOWLEDGED, null)),
                        null));
    }

    @Test
    void messagesLeaveInOrderAlsoOverSeveralPages() {
        room.start();
        IntStream.range(0, 100).forEach(i -> table.add(message("m" + i, "free/" + i, 60)));
        RawClient device = room.login("d_1");
        device.send(Packet.subscribe(7, "free/#", 1));

        List<String> topics = new ArrayList<>();
        while (topics.size() < 100) {
            byte[] packet = device.read();
            if (packet[0] == 0x32) {
                topics.add(topic(packet));
                device.send(Packet.pubAck(packetId(packet)));
            }
        }

        assertThat(topics)
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "free/" + i).toList());
    }

    @ParameterizedTest
    @CsvSource({"4, '', 12", "5, 210001, 1", "5, 210002, 1", "5, 210004, 3", "5, '', 12"})
    void messagesInFlightLeaveAPartOfTheWindowToCalls(int version, String properties, int window) {
        room.start();
        IntStream.range(0, 20).forEach(i -> table.add(message("m" + i)));

        RawClient device = room.login(Packet.connect("d_1").version(version).properties(properties));

        IntStream.range(0, window).forEach(_ -> assertThat(device.read()[0]).isEqualTo((byte) 0x32));
        assertThat(device.isAlive()).isTrue();
        device.send(Packet.pubAck(1));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void callGoesBeforeMessagesThatWait() {
        room.settings.maxInflight = 2;
        room.start();
        IntStream.range(0, 3).forEach(i -> table.add(message("m" + i)));
        RawClient device = room.login("d_1");
        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        Command command = new Command(DEVICE, null, null, Map.of());
        room.ask(new DeliverCall(DEVICE, RequestId.next(1, 2), command)).await();
        Future<Published> second = room.ask(new DeliverCall(DEVICE, RequestId.next(1, 2), command));
        assertThat(topic(device.read())).contains("/commands/");
        assertThat(device.isAlive()).isTrue();

        device.send(Packet.pubAck(1));

        assertThat(topic(device.read())).contains("/commands/");
        assertThat(Outcome.of(second)).isEqualTo(new Published(1));
        device.send(Packet.pubAck(2));
        assertThat(device.readHex()).isEqualTo(published(4, SYSTEM));
    }

    @Test
    void failedPullIsRepeated() {
        room.start();
        table.away = true;
        table.add(message("m1"));
        RawClient device = room.login("d_1");
        assertThat(table.nextPull().after()).isZero();

        table.away = false;

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
    }

    // handed over

    @Test
    void messageIsTakenWithoutReadingItAgain() {
        RawClient device = quiet(Packet.connect("d_1"));

        offer(message("m1"));

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled().origin()).isEqualTo(ORIGIN);
        assertThat(table.pulls).isEmpty();
    }

    @Test
    void messageDoesNotOvertakeOneThatNobodyHasToldOf() {
        RawClient device = quiet(Packet.connect("d_1"));
        QueuedMessage untold = table.add(message("m1", "$oc/devices/d_1/sys/a", 60));
        QueuedMessage next = table.add(message("m2", "$oc/devices/d_1/sys/b", 60));

        room.ask(new DeliverMessage(next, untold.sequence(), ORIGIN)).await();

        assertThat(topic(device.read())).isEqualTo("$oc/devices/d_1/sys/a");
        assertThat(topic(device.read())).isEqualTo("$oc/devices/d_1/sys/b");
    }

    @Test
    void messageBehindOneThatIsKnownIsTakenWithoutReadingItAgain() {
        RawClient device = quiet(Packet.connect("d_1"));
        QueuedMessage first = table.add(message("m1"));
        offer(first);
        QueuedMessage next = table.add(message("m2"));

        room.ask(new DeliverMessage(next, first.sequence(), ORIGIN)).await();

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        assertThat(device.readHex()).isEqualTo(published(2, SYSTEM));
        assertThat(table.pulls).isEmpty();
    }

    @Test
    void messageIsTakenOnceThoughHandedOverTwice() {
        RawClient device = quiet(Packet.connect("d_1"));
        QueuedMessage twice = table.add(message("m1"));
        offer(twice);
        offer(twice);
        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled().fate()).isEqualTo(Fate.DELIVERED);

        offer(twice);

        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void messageHandedOverWhileAPullIsUnderWayIsSentOnceAndItsSenderHearsOfIt() {
        table.holdPulls = Promise.promise();
        room.start();
        RawClient device = room.login("d_1");
        table.nextPull();
        offer(message("m1"));

        table.holdPulls.complete();

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled().origin()).isEqualTo(ORIGIN);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void messageThatIsSettledWhileAPageIsReadIsNotSentAgain() {
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1"));
        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        table.holdPulls = Promise.promise();
        room.ask(new WakeConnection(DEVICE)).await();
        table.nextPull();
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled().fate()).isEqualTo(Fate.DELIVERED);
        assertThat(device.isAlive()).isTrue();

        table.holdPulls.complete();
        offer(message("m2", FREE, 60));
        table.nextSettled();

        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void deviceThatIsNotHereIsSaidToBeSo() {
        room.start();

        Future<Done> delivered = room.ask(new DeliverMessage(table.add(message("m1")), 0, ORIGIN));

        assertThat(Outcome.failure(delivered)).isEqualTo(new Failure.NotHere(DEVICE));
        assertThat(Outcome.failure(room.ask(new WakeConnection(DEVICE)))).isEqualTo(new Failure.NotHere(DEVICE));
    }

    @Test
    void wokenConnectionReadsTheTable() {
        RawClient device = quiet(Packet.connect("d_1"));
        table.add(message("m1"));

        room.ask(new WakeConnection(DEVICE)).await();

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
    }

    @Test
    void withdrawnMessageIsNotSent() {
        RawClient device = quiet(Packet.connect("d_1").mqtt5().properties("210001"));
        offer(message("m1"));
        QueuedMessage second = table.add(message("m2"));
        offer(second);
        offer(message("m3"));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);

        room.ask(new WithdrawMessage(second.key())).await();
        device.send(Packet.pubAck(1));
        device.send(Packet.pubAck(packetId(device.read())));

        assertThat(table.nextSettled().key().id().value()).isEqualTo("m1");
        assertThat(table.nextSettled().key().id().value()).isEqualTo("m3");
    }

    @Test
    void messageWhoseTimeIsOverIsNotPublished() {
        RawClient device = quiet(Packet.connect("d_1"));

        offer(table.add(message("late"), Duration.ZERO));
        offer(message("m2"));

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        assertThat(device.isAlive()).isTrue();
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled().key().id().value()).isEqualTo("m2");
    }

    // subscriptions and QoS

    @Test
    void severalSubscriptionsMakeOneCopyAndTheHighestQosCounts() {
        RawClient device = quiet(Packet.connect("d_1"));
        device.send(Packet.subscribe(1, "free/#", 0), Packet.subscribe(2, FREE, 1));
        assertThat(device.readHex()).isEqualTo("9003000100");
        assertThat(device.readHex()).isEqualTo("9003000201");

        offer(message("m1", FREE, 60));

        assertThat(device.readHex()).isEqualTo(published(1, FREE));
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void messageWithQos0IsDeliveredWhenItIsWritten() {
        RawClient device = quiet(Packet.connect("d_1"));
        device.send(Packet.subscribe(1, FREE, 0));
        assertThat(device.readHex()).isEqualTo("9003000100");

        offer(message("m1", FREE, 60));

        assertThat(device.read()[0]).isEqualTo((byte) 0x30);
        Settle settle = table.nextSettled();
        assertThat(settle.fate()).isEqualTo(Fate.DELIVERED);
        assertThat(settle.steps()).contains(step(Kind.PUBLISHED, "QoS 0, attempt 1"));
    }

    @Test
    void messageWithoutASubscriptionIsParkedAndDoesNotBlockOthersAndLeavesOnSubscribe() {
        RawClient device = quiet(Packet.connect("d_1"));

        offer(message("m1", FREE, 60));
        offer(message("m2"));

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        Settle parked = table.nextSettled();
        assertThat(parked.fate()).isEqualTo(Fate.WAITING);
        assertThat(parked.error()).isEqualTo(MessageError.NOT_SUBSCRIBED);
        assertThat(parked.steps()).endsWith(step(Kind.NOT_SUBSCRIBED, FREE));
        device.send(Packet.subscribe(9, FREE, 1));
        assertThat(device.readHex()).isEqualTo("9003000901");
        assertThat(device.readHex()).isEqualTo(published(2, FREE));
    }

    @Test
    void subscribeDuringTheReportOfAParkedMessageIsNotMissed() {
        table.holdSettles = Promise.promise();
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1", FREE, 60));
        assertThat(table.nextReported().fate()).isEqualTo(Fate.WAITING);
        device.send(Packet.subscribe(9, FREE, 1));
        assertThat(device.readHex()).isEqualTo("9003000901");
        table.nextPull();
        assertThat(device.isAlive()).isTrue();

        table.holdSettles.complete();

        assertThat(device.readHex()).isEqualTo(published(1, FREE));
    }

    @Test
    void parkedMessageWhoseReportIsAnsweredWhileAPageIsReadIsNotMissed() {
        table.holdSettles = Promise.promise();
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1", FREE, 60));
        assertThat(table.nextReported().fate()).isEqualTo(Fate.WAITING);
        table.holdPulls = Promise.promise();
        device.send(Packet.subscribe(9, FREE, 1));
        assertThat(device.readHex()).isEqualTo("9003000901");
        table.nextPull();
        table.holdSettles.complete();
        assertThat(device.isAlive()).isTrue();

        table.holdPulls.complete();

        assertThat(device.readHex()).isEqualTo(published(1, FREE));
    }

    @Test
    void parkedMessageIsReportedOnce() {
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1", FREE, 60));
        assertThat(table.nextSettled().fate()).isEqualTo(Fate.WAITING);

        device.send(Packet.subscribe(9, "other", 1));
        assertThat(device.readHex()).isEqualTo("9003000901");
        table.nextPull();
        offer(message("m2"));
        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        device.send(Packet.pubAck(1));

        assertThat(table.nextSettled().key().id().value()).isEqualTo("m2");
    }

    @Test
    void dataFromTheDeviceIsASignToLookForWhatIsParked() {
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1", FREE, 60));
        assertThat(table.nextSettled().fate()).isEqualTo(Fate.WAITING);

        Awaitility.await()
                .pollInterval(Duration.ofMillis(500))
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> {
                    device.send(Packet.publish(1, "any/data", "x"));
                    return !table.pulls.isEmpty();
                });

        assertThat(table.pulls).hasSize(1);
        assertThat(table.nextPull().after()).isZero();
    }

    @Test
    void messageThatCannotBeWrittenDoesNotHoldUpOthers() {
        RawClient device = quiet(Packet.connect("d_1"));

        offer(new Message(
                new MessageId("bad"), null, new Json("\"*\""), Encoding.BASE64, Format.RAW, null, null, null, 60));
        offer(message("m2"));

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
    }

    @Test
    void messageThatIsNotToWaitFailsWithoutASubscription() {
        RawClient device = quiet(Packet.connect("d_1"));

        offer(message("m1", FREE, 0));

        Settle settle = table.nextSettled();
        assertThat(settle.fate()).isEqualTo(Fate.FAILED);
        assertThat(settle.error()).isEqualTo(MessageError.NOT_SUBSCRIBED);
        assertThat(settle.origin()).isEqualTo(ORIGIN);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void mqtt5DeviceGetsTheSendersPropertiesInTheirOrder() {
        RawClient device = quiet(Packet.connect("d_1").mqtt5());
        MessageProperties properties =
                new MessageProperties("c1", "answers", List.of(new UserProperty("b", "1"), new UserProperty("a", "2")));
        Message message = new Message(
                new MessageId("m1"),
                null,
                new Json("\"x\""),
                Encoding.NONE,
                Format.STANDARD,
                null,
                null,
                properties,
                60);

        offer(message);

        assertThat(device.readHex())
                .contains("03" + text("application/json"))
                .contains("08" + text("answers"))
                .contains("09" + text("c1"))
                .contains("26" + text("b") + text("1") + "26" + text("a") + text("2"))
                .contains("0101")
                .contains("0200000e10")
                .endsWith(utf8("{\"object_device_id\":\"d_1\",\"name\":null,\"id\":\"m1\",\"content\":\"x\"}"));
    }

    @Test
    void mqtt3DeviceGetsTheSameWithoutProperties() {
        RawClient device = quiet(Packet.connect("d_1"));
        MessageProperties properties = new MessageProperties("c1", "answers", List.of());

        offer(new Message(
                new MessageId("m1"),
                null,
                new Json("\"hello\""),
                Encoding.NONE,
                Format.RAW,
                null,
                null,
                properties,
                60));

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
    }

    // acknowledged or not

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void mqtt3DeviceThatDoesNotAcknowledgeGetsItAgainAFewTimes(int version) {
        room.settings.resendInterval = Duration.ofSeconds(1);
        RawClient device = quiet(Packet.connect("d_1").version(version));

        offer(message("m1"));

        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        String again = RawClient.hex(Packet.publish(0xa, 1, SYSTEM, "hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(device.readHex()).isEqualTo(again);
        assertThat(device.readHex()).isEqualTo(again);
        device.send(Packet.pubAck(1));
        assertThat(table.nextSettled().steps())
                .contains(
                        step(Kind.PUBLISHED, "QoS 1, attempt 1"),
                        step(Kind.PUBLISHED, "QoS 1, attempt 2"),
                        step(Kind.PUBLISHED, "QoS 1, attempt 3"))
                .hasSize(5);
    }

    @Test
    void refusalOfAnMqtt5DeviceEndsTheMessage() {
        RawClient device = quiet(Packet.connect("d_1").mqtt5());
        offer(message("m1"));
        assertThat(device.read()[0]).isEqualTo((byte) 0x32);

        device.send(Packet.hex("4003000187"));

        Settle settle = table.nextSettled();
        assertThat(settle.fate()).isEqualTo(Fate.FAILED);
        assertThat(settle.error()).isEqualTo(MessageError.REFUSED_BY_DEVICE);
        assertThat(settle.steps()).endsWith(step(Kind.ACKNOWLEDGED, "reason 0x87"));
    }

    @Test
    void packetLargerThanAnMqtt5DeviceTakesFails() {
        RawClient device = quiet(Packet.connect("d_1").mqtt5().properties("2700000040"));

        offer(message("m1"));

        assertThat(table.nextSettled().error()).isEqualTo(MessageError.TOO_LARGE_FOR_DEVICE);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void withDeliveredOnWriteItIsReportedTwiceAndToItsSenderOnce() {
        room.settings.deliveredOn = DeliveredOn.WRITE;
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1"));
        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));

        Settle written = table.nextSettled();
        device.send(Packet.pubAck(1));
        Settle delivered = table.nextSettled();

        assertThat(written.fate()).isEqualTo(Fate.WRITTEN);
        assertThat(written.origin()).isEqualTo(ORIGIN);
        assertThat(delivered.fate()).isEqualTo(Fate.DELIVERED);
        assertThat(delivered.steps()).containsExactly(step(Kind.ACKNOWLEDGED, null));
        assertThat(delivered.origin()).isNull();
    }

    @Test
    void secondReportWaitsForTheFirst() {
        room.settings.deliveredOn = DeliveredOn.WRITE;
        table.holdSettles = Promise.promise();
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1"));
        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));
        assertThat(table.nextReported().fate()).isEqualTo(Fate.WRITTEN);
        device.send(Packet.pubAck(1));
        assertThat(device.isAlive()).isTrue();
        assertThat(table.reported).isEmpty();

        table.holdSettles.complete();

        assertThat(table.nextReported().fate()).isEqualTo(Fate.DELIVERED);
    }

    @Test
    void secondAcknowledgementChangesNothing() {
        RawClient device = quiet(Packet.connect("d_1"));
        offer(message("m1"));
        assertThat(device.readHex()).isEqualTo(published(1, SYSTEM));

        device.send(Packet.pubAck(1), Packet.pubAck(1), Packet.pubAck(77));

        assertThat(table.nextSettled().fate()).isEqualTo(Fate.DELIVERED);
        assertThat(device.isAlive()).isTrue();
        assertThat(table.reported).hasSize(1);
    }

    // helpers

    private RawClient quiet(Packet.Connect connect) {
        room.start();
        RawClient device = room.login(connect);
        table.nextPull();
        Awaitility.await()
                .until(() -> Telemetry.of(room.vertx).scrape().contains("downlink_mqtt_pulls_total{outcome=\"ok\"} 1"));
        return device;
    }

    private void offer(Message message) {
        offer(table.add(message));
    }

    private void offer(QueuedMessage message) {
        assertThat(room.ask(new DeliverMessage(message, 0, ORIGIN)).await()).isEqualTo(Done.DONE);
    }

    private static TimelineStep step(Kind kind, String detail) {
        return new TimelineStep(Room.NOW, kind, detail);
    }

    private static String published(int id, String topic) {
        return RawClient.hex(Packet.publish(id, topic, "hello"));
    }

    /** Of a packet of less than 128 bytes, or of less than 16 KiB. */
    private static int topicAt(byte[] publish) {
        return publish[1] < 0 ? 5 : 4;
    }

    private static String text(String text) {
        return RawClient.hex(new Packet.Out().text(text).bytes());
    }

    private static String utf8(String text) {
        return RawClient.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String topic(byte[] publish) {
        int at = topicAt(publish);
        return new String(publish, at, publish[at - 1], StandardCharsets.UTF_8);
    }

    private static int packetId(byte[] publish) {
        int at = topicAt(publish) + publish[topicAt(publish) - 1];
        return (publish[at] & 0xff) << 8 | (publish[at + 1] & 0xff);
    }
}
