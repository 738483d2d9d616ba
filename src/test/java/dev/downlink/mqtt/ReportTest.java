// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.Json;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceReport;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.UplinkRequest;
import dev.downlink.protocol.UplinkRequest.ReportMessage;
import dev.downlink.protocol.UplinkRequest.ReportProperties;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices say by themselves, from the packet to the uplink room and back to the acknowledgement. */
class ReportTest {
    private static final DeviceId DEVICE = new DeviceId("d_1");
    private static final String TOPICS = "$oc/devices/d_1/sys/";
    private static final String REPORT = TOPICS + "properties/report";
    private static final String SUB_DEVICES = TOPICS + "gateway/sub_devices/properties/report";
    private static final String MESSAGE = TOPICS + "messages/up";
    private static final String SERVICES = "\"services\":[{\"service_id\":\"Water\",\"properties\":{\"level\":7},"
            + "\"event_time\":\"20251212T080000Z\"}]";
    private static final List<ServiceReport> REPORTED =
            List.of(new ServiceReport("Water", Map.of("level", 7), Instant.parse("2025-12-12T08:00:00Z")));

    private final Room room = new Room();

    @BeforeEach
    void neighbours() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.neighbours.device("d_2", Neighbours.BY_SECRET);
        room.neighbours.topics(
                new CustomTopic("up", CustomTopic.Operation.PUBLISH, null),
                new CustomTopic("down", CustomTopic.Operation.SUBSCRIBE, null));
    }

    @AfterEach
    void close() {
        room.close();
    }

    // ---- what reaches the room

    @Test
    void reportIsHandedOverAndAcknowledged() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, REPORT, "{" + SERVICES + "}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(told()).isEqualTo(new ReportProperties(DEVICE, List.of(new DeviceReport(DEVICE, REPORTED))));
    }

    @Test
    void reportWithQos0IsHandedOver() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(0, 0, REPORT, bytes("{" + SERVICES + "}")));

        assertThat(told()).isInstanceOf(ReportProperties.class);
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void gatewayReportsForItsSubDevices() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(
                7,
                SUB_DEVICES,
                "{\"devices\":[{\"device_id\":\"c_1\"," + SERVICES + "},{\"device_id\":\"c_2\"," + SERVICES + "}]}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(told())
                .isEqualTo(new ReportProperties(
                        DEVICE,
                        List.of(
                                new DeviceReport(new DeviceId("c_1"), REPORTED),
                                new DeviceReport(new DeviceId("c_2"), REPORTED))));
    }

    @ParameterizedTest
    @ValueSource(strings = {REPORT, SUB_DEVICES, MESSAGE})
    void packedReportsAreUnpacked(String topic) {
        room.start();
        RawClient device = room.login("d_1");
        String payload = "{\"devices\":[{\"device_id\":\"c_1\"," + SERVICES + "}]," + SERVICES + "}";

        device.send(
                Packet.publish(2, 7, topic + "?encoding=gzip", gzip(bytes(payload))),
                Packet.publish(2, 8, topic, bytes(payload)));

        assertThat(told()).isEqualTo(told());
    }

    @ParameterizedTest
    @ValueSource(strings = {REPORT, SUB_DEVICES, MESSAGE})
    void whatIsNotPackedOrABombIsDropped(String topic) {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(
                Packet.publish5(2, 7, topic + "?encoding=gzip", bytes("{}")),
                Packet.publish5(2, 8, topic + "?encoding=gzip", gzip(new byte[50_000_000])));

        assertThat(device.readHex()).isEqualTo("400400079900");
        assertThat(device.readHex()).isEqualTo("400400089900");
        assertThat(room.neighbours.uplinks).isEmpty();
    }

    @Test
    void whatIsNoReportIsDroppedAndMqtt5IsTold() {
        room.start();
        RawClient three = room.login("d_1");
        RawClient five = room.login(Packet.connect("d_2").mqtt5());

        three.send(Packet.publish(7, REPORT, "hello"));
        five.send(Packet.publish5(2, 8, REPORT.replace("d_1", "d_2"), bytes("hello")));

        assertThat(three.readHex()).isEqualTo("40020007");
        assertThat(five.readHex()).isEqualTo("400400089900");
        assertThat(room.neighbours.uplinks).isEmpty();
    }

    @Test
    void emptyReportIsAcknowledgedWithoutAsking() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, REPORT, "{\"services\":null}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(room.neighbours.uplinks).isEmpty();
    }

    @Test
    void messageIsHandedOver() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, MESSAGE + "?request_id=1", "{\"content\":\"hello\",\"object_device_id\":null}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(told())
                .isEqualTo(new ReportMessage(
                        DEVICE, DEVICE, MESSAGE, new Json("{\"content\":\"hello\",\"object_device_id\":null}"), false));
    }

    @Test
    void messageMayNameASubDevice() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, MESSAGE, "{\"object_device_id\":\"c_1\"}"));

        assertThat(told())
                .isInstanceOfSatisfying(
                        ReportMessage.class, m -> assertThat(m.device()).isEqualTo(new DeviceId("c_1")));
    }

    @Test
    void messageInTheNameOfAnotherIsRefused() {
        room.neighbours.uplink = refusing(new Failure.DeviceNotFound(new DeviceId("x")));
        room.start();
        RawClient three = room.login("d_1");
        RawClient five = room.login(Packet.connect("d_2").mqtt5());

        three.send(Packet.publish(7, MESSAGE, "{\"object_device_id\":\"x\"}"));
        five.send(
                Packet.publish5(2, 8, MESSAGE.replace("d_1", "d_2"), bytes("{\"object_device_id\":\"x\"}")),
                Packet.publish5(2, 9, MESSAGE.replace("d_1", "d_2"), bytes("{\"object_device_id\":\"no id\"}")));

        assertThat(three.readHex()).isEqualTo("40020007");
        assertThat(five.readHex()).isEqualTo("400400088700");
        assertThat(five.readHex()).isEqualTo("400400098700");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$oc/devices/d_1/user/up", "/free/topic", "free?encoding=gzip"})
    void otherTopicsCarryMessagesOfTheDeviceItself(String topic) {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, topic, "{\"object_device_id\":\"c_1\"}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(told())
                .isEqualTo(new ReportMessage(DEVICE, DEVICE, topic, new Json("{\"object_device_id\":\"c_1\"}"), false));
    }

    @Test
    void topicThatTheProductDoesNotHaveCarriesNothing() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, "$oc/devices/d_1/user/down", "x"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(room.neighbours.uplinks).isEmpty();
    }

    // ---- acknowledgements

    @Test
    void acknowledgementWaitsForTheRoomAndKeepsTheOrder() {
        Promise<Done> first = Promise.promise();
        room.neighbours.uplink = q -> q instanceof ReportProperties ? first.future() : done();
        room.start();
        RawClient device = room.login("d_1");
        device.send(
                Packet.publish(1, REPORT, "{" + SERVICES + "}"),
                Packet.publish(2, MESSAGE, "hello"),
                Packet.publish(3, TOPICS + "commands/response/request_id=" + RequestId.next(5, 3), "{}"),
                Packet.publish(4, TOPICS + "other", ""));
        var _ = told();
        var _ = told();
        assertThat(device.isAlive()).isTrue();

        first.complete(Done.DONE);

        assertThat(device.readHex()).isEqualTo("40020001");
        assertThat(device.readHex()).isEqualTo("40020002");
        assertThat(device.readHex()).isEqualTo("40020003");
        assertThat(device.readHex()).isEqualTo("40020004");
    }

    @Test
    void whatIsNotTakenIsNotAcknowledgedAndStopsNothingElse() {
        room.neighbours.uplink = q -> q instanceof ReportProperties
                ? Future.failedFuture(new Failed(new Failure.StorageUnavailable()))
                : done();
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(1, REPORT, "{" + SERVICES + "}"), Packet.publish(2, MESSAGE, "hello"));

        assertThat(device.readHex()).isEqualTo("40020002");
    }

    @ParameterizedTest
    @CsvSource({"true, 97", "false, 83"})
    void mqtt5IsToldThatItWasNotTaken(boolean busy, String reason) {
        room.neighbours.uplink = refusing(busy ? new Failure.Busy("uplink") : new Failure.StorageUnavailable());
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(Packet.publish5(2, 1, REPORT, bytes("{" + SERVICES + "}")));

        assertThat(device.readHex()).isEqualTo("40040001" + reason + "00");
    }

    @Test
    void mqtt3DeviceWithTenUnacknowledgedIsSentAwayToSendThemAgain() {
        room.neighbours.uplink = refusing(new Failure.Busy("uplink"));
        room.start();
        RawClient device = room.login("d_1");

        for (int i = 1; i <= 9; i++) {
            device.send(Packet.publish(i, MESSAGE, "hello"));
        }
        assertThat(device.isAlive()).isTrue();
        device.send(Packet.publish(10, MESSAGE, "hello"));

        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void qos0ThatIsNotTakenIsForgotten() {
        room.neighbours.uplink = refusing(new Failure.Busy("uplink"));
        room.start();
        RawClient device = room.login("d_1");

        for (int i = 1; i <= 20; i++) {
            device.send(Packet.publish(0, 0, MESSAGE, bytes("hello")));
        }

        Awaitility.await()
                .untilAsserted(() -> assertThat(room.neighbours.uplinks).hasSize(20));
        assertThat(device.isAlive()).isTrue();
    }

    // ---- one device and the others

    @Test
    void connectionIsNotReadWhileMuchOfItIsInHandAndOthersAre() {
        Promise<Void> hold = Promise.promise();
        room.settings.maxUplinkRate = 1_000_000;
        room.neighbours.uplink = q -> isOf(q, DEVICE) ? hold.future().map(Done.DONE) : done();
        room.start();
        RawClient busy = room.login("d_1");
        RawClient other = room.login("d_2");
        for (int i = 1; i <= 150; i++) {
            busy.send(Packet.publish(i, MESSAGE, "hello"));
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(room.neighbours.uplinks).hasSizeGreaterThanOrEqualTo(100));

        other.send(Packet.publish(1, MESSAGE.replace("d_1", "d_2"), "hello"));

        assertThat(other.readHex()).isEqualTo("40020001");
        assertThat(room.neighbours.uplinks).hasSize(101);
        hold.complete();
        for (int i = 1; i <= 150; i++) {
            assertThat(busy.readHex()).isEqualTo("400200" + String.format("%02x", i));
        }
    }

    @Test
    void largePayloadsInHandStopTheReadingSooner() {
        Promise<Void> hold = Promise.promise();
        room.settings.maxUplinkBytes = 100_000_000;
        room.neighbours.uplink = _ -> hold.future().map(Done.DONE);
        room.start();
        RawClient device = room.login("d_1");
        String large = "x".repeat(1_000_000);
        Thread sender = Thread.ofVirtual().start(() -> {
            for (int i = 1; i <= 5; i++) {
                device.send(Packet.publish(i, MESSAGE, large));
            }
        });
        Awaitility.await()
                .untilAsserted(() -> assertThat(room.neighbours.uplinks).hasSize(3));

        hold.complete();

        for (int i = 1; i <= 5; i++) {
            assertThat(device.readHex()).isEqualTo("4002000" + i);
        }
        assertThat(sender.isAlive()).isFalse();
    }

    @Test
    void deviceThatSaysTooMuchIsSlowedDownAlone() {
        room.settings.maxUplinkRate = 5;
        room.start();
        RawClient flooding = room.login("d_1");
        RawClient other = room.login("d_2");
        for (int i = 1; i <= 100; i++) {
            flooding.send(Packet.publish(0, 0, MESSAGE, bytes("flood")));
        }

        for (int i = 1; i <= 4; i++) {
            other.send(Packet.publish(i, MESSAGE.replace("d_1", "d_2"), "hello"));
            assertThat(other.readHex()).isEqualTo("4002000" + i);
        }

        assertThat(room.neighbours.uplinks.stream().filter(q -> isOf(q, DEVICE)).count())
                .isLessThan(100);
    }

    private static boolean isOf(UplinkRequest<?> request, DeviceId connection) {
        return request instanceof ReportMessage message && message.connection().equals(connection);
    }

    private static Function<UplinkRequest<?>, Future<Done>> refusing(Failure failure) {
        return _ -> Future.failedFuture(new Failed(failure));
    }

    private static Future<Done> done() {
        return Future.succeededFuture(Done.DONE);
    }

    private UplinkRequest<?> told() {
        try {
            return room.neighbours.uplinks.poll(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
