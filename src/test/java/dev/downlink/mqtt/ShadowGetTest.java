// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.bus.Answer;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Shadow;
import dev.downlink.protocol.AdapterRequest.NotifyGateway;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest;
import dev.downlink.protocol.ShadowRequest.ConnectionOpened;
import dev.downlink.protocol.ShadowRequest.FetchShadow;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that asks for its shadow (southbound §2.6), byte by byte; the shadow room is played by the test. */
class ShadowGetTest {
    private static final DeviceId DEVICE = new DeviceId("d_1");
    private static final DeviceId CHILD = new DeviceId("child");
    private static final String TOPIC = "$oc/devices/d_1/sys/shadow/get/request_id=r1";
    private static final String ACK = "40020007";

    private final Room room = new Room();
    private final List<ShadowRequest<?>> asked = new CopyOnWriteArrayList<>();
    private volatile Promise<Void> hold = Promise.promise();

    @BeforeEach
    void neighbours() {
        hold.complete();
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.bus.answer(Address.SHADOW, ShadowRequest.class, 1000, this::answer).await();
        room.start();
    }

    @AfterEach
    void close() {
        room.close();
    }

    private Answer<?> answer(ShadowRequest<?> request) {
        asked.add(request);
        return switch (request) {
            case FetchShadow q -> Answer.to(q, hold.future().compose(_ -> fetch(q)));
            case ConnectionOpened q -> Answer.to(q, Done.DONE);
            default -> throw new AssertionError(request);
        };
    }

    private static Future<Shadow> fetch(FetchShadow q) {
        if (!q.device().equals(DEVICE) && !q.device().equals(CHILD)) {
            return Future.failedFuture(new Failed(new Failure.DeviceNotFound(q.device())));
        }
        Shadow.Part part = new Shadow.Part(new Json("{\"level\": 1.50}"), Instant.parse("2026-01-01T12:00:00Z"));
        return Future.succeededFuture(new Shadow(
                q.device(),
                List.of(new Shadow.Service("\"W\"", part, part, 3), new Shadow.Service("Bare", null, null, 0))));
    }

    @Test
    void openedConnectionIsAnnounced() {
        var _ = room.login("d_1");

        Awaitility.await().until(() -> asked.equals(List.of(new ConnectionOpened(DEVICE))));
    }

    @Test
    void gatewayThatGotSubDevicesIsAnnouncedAgain() {
        room.neighbours.subDevices = q -> {
            throw new Failed(new Failure.StorageUnavailable());
        };
        var _ = room.login("d_1");
        Awaitility.await().until(() -> asked.size() == 1);

        var _ = room.ask(new NotifyGateway(DEVICE, false)).await();
        var _ = room.ask(new NotifyGateway(DEVICE, true)).await();

        Awaitility.await().until(() -> asked.size() > 1);
        assertThat(asked).containsExactly(new ConnectionOpened(DEVICE), new ConnectionOpened(DEVICE));
    }

    @Test
    void shadowComesOnTheTopicOfItsQuestion() {
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, TOPIC, "{\"object_device_id\":null,\"service_id\":null}"));

        assertThat(device.readHex()).isEqualTo(ACK);
        assertThat(text(device.read()))
                .endsWith("$oc/devices/d_1/sys/shadow/get/response/request_id=r1\0\1"
                        + "{\"object_device_id\":\"d_1\",\"shadow\":[{\"service_id\":\"\\\"W\\\"\","
                        + "\"desired\":{\"properties\":{\"level\": 1.50},\"event_time\":\"20260101T120000Z\"},"
                        + "\"reported\":{\"properties\":{\"level\": 1.50},\"event_time\":\"20260101T120000Z\"},"
                        + "\"version\":3},{\"service_id\":\"Bare\",\"version\":0}]}");
        assertThat(fetched()).containsExactly(new FetchShadow(DEVICE, DEVICE, null));
    }

    @Test
    void emptyQuestionIsForAllOfIt() {
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, TOPIC, ""));

        assertThat(device.readHex()).isEqualTo(ACK);
        assertThat(text(device.read())).contains("response/request_id=r1");
        assertThat(fetched()).containsExactly(new FetchShadow(DEVICE, DEVICE, null));
    }

    @Test
    void gatewayAsksForASubDeviceAndAService() {
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, TOPIC, "{\"object_device_id\":\"child\",\"service_id\":\"W\"}"));

        assertThat(text(device.read()) + text(device.read())).contains("\"object_device_id\":\"child\"");
        assertThat(fetched()).containsExactly(new FetchShadow(DEVICE, CHILD, "W"));
    }

    @Test
    void subDeviceMayStandInTheTopic() {
        RawClient device = room.login("d_1");

        device.send(Packet.publish(7, TOPIC.replace("d_1", "child"), "{}"));

        assertThat(text(device.read()) + text(device.read()))
                .contains("$oc/devices/d_1/sys/shadow/get/response/request_id=r1");
        assertThat(fetched()).containsExactly(new FetchShadow(DEVICE, CHILD, null));
    }

    @Test
    void packedQuestionIsUnpacked() throws IOException {
        RawClient device = room.login("d_1");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write("{\"service_id\":\"W\"}".getBytes(StandardCharsets.UTF_8));
        }

        device.send(Packet.publish(2, 7, TOPIC + "?encoding=gzip", packed.toByteArray()));

        assertThat(device.readHex()).isEqualTo(ACK);
        Awaitility.await().until(() -> fetched().equals(List.of(new FetchShadow(DEVICE, DEVICE, "W"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$oc/devices/d_2/sys/shadow/get/request_id=r1|{}|87",
                "$oc/devices/d_1/sys/shadow/get/request_id=r1|{\"object_device_id\":\"d_2\"}|87",
                "$oc/devices/child/sys/shadow/get/request_id=r1|{\"object_device_id\":\"d_1\"}|87",
                "$oc/devices/a.b/sys/shadow/get/request_id=r1|{}|87",
                "$oc/devices/d_1/sys/shadow/get/request_id=r1|[]|99",
                "$oc/devices/d_1/sys/shadow/get/request_id=r1|{|99",
                "$oc/devices/d_1/sys/shadow/get/request_id=r1|{\"object_device_id\":\"a.b\"}|99"
            })
    void othersAreRefused(String example) {
        String[] parts = example.split("\\|", -1);
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        device.send(Packet.publish5(2, 9, parts[0], parts[1].getBytes(StandardCharsets.UTF_8)));

        assertThat(device.readHex()).isEqualTo("40040009" + parts[2] + "00");
        assertThat(device.isAlive()).isTrue();
    }

    @Test
    void boundedNumberOfQuestionsIsOpen() {
        hold = Promise.promise();
        RawClient device = room.login(Packet.connect("d_1").mqtt5());

        List<String> answers = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            device.send(Packet.publish5(2, i, TOPIC, new byte[0]));
            answers.add(device.readHex());
        }

        assertThat(answers.subList(0, 8)).allMatch(answer -> answer.startsWith("4002"));
        assertThat(answers.getLast()).isEqualTo("400400099700");
        hold.complete();
        assertThat(text(device.read())).contains("response/request_id=r1");
    }

    private List<FetchShadow> fetched() {
        return asked.stream()
                .filter(FetchShadow.class::isInstance)
                .map(FetchShadow.class::cast)
                .toList();
    }

    private static String text(byte[] packet) {
        return new String(packet, StandardCharsets.UTF_8);
    }
}
