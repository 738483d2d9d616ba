// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.CallKind;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProductId;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.Notice.AnswerArrived;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UplinkTest {
    private static final DeviceId DEVICE = new DeviceId("d_1");
    private static final RequestId REQUEST = RequestId.next(5, 3);
    private static final String ANSWER = "$oc/devices/d_1/sys/commands/response/request_id=" + REQUEST;

    private final Room room = new Room();

    @BeforeEach
    void neighbours() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.neighbours.topics(
                new CustomTopic("up", CustomTopic.Operation.PUBLISH, null),
                new CustomTopic("down", CustomTopic.Operation.SUBSCRIBE, null));
        room.bus
                .hear(Address.correlator(5, 3), AnswerArrived.class, room.neighbours.answers::add)
                .await();
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void answerGoesToTheCorrelatorThatTheRequestNames() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, ANSWER, "{\"result_code\":0}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(answer())
                .isEqualTo(new AnswerArrived(REQUEST, DEVICE, CallKind.COMMAND, new Json("{\"result_code\":0}")));
    }

    @ParameterizedTest
    @CsvSource({"properties/set, PROPERTIES_SET", "properties/get, PROPERTIES_GET"})
    void kindIsReadFromTheTopic(String path, CallKind kind) {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, "$oc/devices/d_1/sys/" + path + "/response/request_id=" + REQUEST, "{}"));

        assertThat(answer().kind()).isEqualTo(kind);
    }

    @Test
    void answerWithQos0IsNotAcknowledged() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(0, 0, ANSWER, "{}".getBytes(StandardCharsets.UTF_8)));

        assertThat(answer().answer()).isEqualTo(new Json("{}"));
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void emptyAnswerIsNull() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, ANSWER, ""));

        assertThat(answer().answer()).isEqualTo(Json.NULL);
    }

    @Test
    void packedAnswerIsUnpacked() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(
                Packet.publish(2, 7, ANSWER + "?encoding=gzip", gzip("{\"a\":1}".getBytes(StandardCharsets.UTF_8))));

        assertThat(answer().answer()).isEqualTo(new Json("{\"a\":1}"));
    }

    @Test
    void packedBombIsIgnored() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(2, 7, ANSWER + "?encoding=gzip", gzip(new byte[50_000_000])));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(device.isAlive()).isTrue();
        assertThat(room.neighbours.answers).isEmpty();
    }

    @Test
    void packedAnswerIsTakenUpTo256KiB() {
        room.start();
        RawClient device = room.login("d_1");
        byte[] largest = ("{\"a\":\"" + "x".repeat(256 * 1024 - 8) + "\"}").getBytes(StandardCharsets.UTF_8);
        byte[] larger = ("{\"b\":\"" + "x".repeat(256 * 1024 - 7) + "\"}").getBytes(StandardCharsets.UTF_8);

        device.send(
                Packet.publish(2, 7, ANSWER + "?encoding=gzip", gzip(larger)),
                Packet.publish(2, 8, ANSWER + "?encoding=gzip", gzip(largest)));

        assertThat(answer().answer()).isEqualTo(new Json(new String(largest, StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "text", "{", "{\"a\":}", "{} {}", "null"})
    void answerThatIsNoObjectIsIgnored(String payload) {
        room.start();
        RawClient device = room.login("d_1");
        RawClient five = room.login(Packet.connect(second()).mqtt5());

        device.send(Packet.publish(7, ANSWER, payload));
        five.send(Packet.publish5(2, 8, ANSWER.replace("d_1", second()), payload.getBytes(StandardCharsets.UTF_8)));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(five.readHex()).isEqualTo("400400089900");
        assertThat(room.neighbours.answers).isEmpty();
    }

    @Test
    void answerInBrokenUtf8IsIgnored() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(2, 7, ANSWER, Packet.hex("7b2261223a22c328227d")));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(room.neighbours.answers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$oc/devices/d_1/sys/commands/response/request_id=1",
                "$oc/devices/d_1/sys/messages/up",
                "$oc/devices/d_1/user/up",
                "/test/free"
            })
    void topicsOfTheProtocolAreAcknowledged(String topic) {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(Packet.publish5(2, 9, topic, new byte[] {1}));

        assertThat(device.readHex()).isEqualTo("40020009");
        assertThat(room.neighbours.answers).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "$oc/devices/d_2/sys/commands/response/request_id=, 87",
        "$oc/devices/d_10/sys/messages/up, 87",
        "$oc/broadcast/x, 87",
        "$oc/devices/d_1/user/down, 87",
        "$oc/devices/d_1/user/other, 87",
        "$oc/devices/d_1/sys/other, 90"
    })
    void otherTopicsAreDroppedAndMqtt5IsTold(String topic, String reason) {
        room.neighbours.device("five", Neighbours.BY_SECRET);
        room.start();
        RawClient three = room.login("d_1");
        RawClient five = room.login(Packet.connect("five").mqtt5());

        three.send(Packet.publish(9, topic + REQUEST, "{}"));
        five.send(Packet.publish5(2, 9, topic.replace("d_1/", "five/"), "{}".getBytes(StandardCharsets.UTF_8)));

        assertThat(three.readHex()).isEqualTo("40020009");
        assertThat(five.readHex()).isEqualTo("40040009" + reason + "00");
        assertThat(room.neighbours.answers).isEmpty();
    }

    @Test
    void changedProductCountsFromNowOn() {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());
        byte[] publish = Packet.publish5(2, 9, "$oc/devices/d_1/user/later", new byte[0]);
        device.send(publish);
        assertThat(device.readHex()).isEqualTo("400400098700");
        room.neighbours.topics(new CustomTopic("later", CustomTopic.Operation.ALL, null));

        room.bus.publish(new Notice.ProductChanged(Neighbours.PROJECT, new ProductId("product")));

        Awaitility.await().untilAsserted(() -> {
            device.send(publish);
            assertThat(device.readHex()).isEqualTo("40020009");
        });
    }

    @Test
    void nothingIsEchoedToTheDevicesOwnSubscription() {
        room.start();
        RawClient device = room.login("d_1");
        device.send(Packet.subscribe(1, "$oc/devices/d_1/sys/commands/#", 1));
        assertThat(device.readHex()).isEqualTo("9003000101");

        device.send(Packet.publish(7, ANSWER, "{}"));

        assertThat(device.readHex()).isEqualTo("40020007");
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void deviceOverItsRateIsReadAgainTheNextSecond() {
        room.settings.maxUplinkRate = 5;
        room.start();
        RawClient device = room.login("d_1");

        for (int i = 1; i <= 12; i++) {
            device.send(Packet.publish(i, ANSWER, "{}"));
        }

        for (int i = 1; i <= 12; i++) {
            assertThat(device.readHex()).isEqualTo("400200" + String.format("%02x", i));
        }
        await().untilAsserted(() -> assertThat(room.neighbours.answers).hasSize(12));
    }

    @Test
    void otherPacketsOverTheirRateAreAnsweredTheNextSecond() {
        room.settings.maxUplinkRate = 1;
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.hex("c000".repeat(25)));

        for (int i = 1; i <= 25; i++) {
            assertThat(device.readHex()).isEqualTo("d000");
        }
    }

    @ParameterizedTest
    @CsvSource({"34, e0029b00", "33, e0029a00"})
    void qos2AndRetainEndAnMqtt5Connection(String header, String disconnect) {
        room.start();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(Packet.publish5(Integer.parseInt(header, 16) & 15, 9, ANSWER, new byte[0]));

        assertThat(device.readHex()).isEqualTo(disconnect);
        assertThat(device.isClosed()).isTrue();
    }

    @Test
    void qos2EndsAnMqtt3ConnectionAndRetainIsIgnored() {
        room.start();
        RawClient device = room.login("d_1");

        device.send(Packet.publish(3, 9, "/free", new byte[0]), Packet.publish(4, 10, "/free", new byte[0]));

        assertThat(device.readHex()).isEqualTo("40020009");
        assertThat(device.isClosed()).isTrue();
    }

    private String second() {
        room.neighbours.device("d_2", Neighbours.BY_SECRET);
        return "d_2";
    }

    private AnswerArrived answer() {
        try {
            return room.neighbours.answers.poll(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
