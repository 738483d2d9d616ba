// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.sdk.Stage.Registered;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages from the application SDK to the device SDK (northbound §2, southbound §2.2, §2.8, §2.9 and §4). */
@ExtendWith(Stage.Entrance.class)
class MessageIT {
    private static final String PRODUCT = "Told";
    private static final String TOPIC = "down/now";
    private static final int KEPT = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static Registered meter;

    private final Stage stage;
    private final DeviceSdk devices;

    MessageIT(Stage stage) {
        this.stage = stage;
        this.devices = stage.devices();
    }

    @BeforeAll
    static void connect(Stage stage) {
        stage.createWaterMeter(PRODUCT);
        stage.addTopic(PRODUCT, TOPIC);
        meter = stage.addDevice(PRODUCT, "meter");
        assertThat(stage.devices().connectListener(meter, stage.tcp())).isZero();
    }

    @Test
    void messageReachesTheListenerAndIsDelivered() {
        JsonObject sent = stage.message(meter.id(), message("plain", "hello").put("name", "greeting"))
                .body(201);

        JsonObject heard =
                devices.hear("message", meter.id(), e -> e.getString("id").equals("plain"));
        assertThat(sent.getString("message_id")).isEqualTo("plain");
        assertThat(sent.getJsonObject("result").getString("status")).isEqualTo("DELIVERED");
        assertThat(sent.getJsonObject("result").getString("finished_time")).matches("\\d{8}T\\d{6}Z");
        assertThat(heard.getString("content")).isEqualTo("hello");
        assertThat(heard.getString("name")).isEqualTo("greeting");
        assertThat(heard.getString("target")).isEqualTo(meter.id());
    }

    @Test
    void idIsMadeWhenNoneIsGiven() {
        JsonObject sent =
                stage.message(meter.id(), JsonObject.of("message", "anonymous")).body(201);

        devices.hear("message", meter.id(), e -> e.getString("id").equals(sent.getString("message_id")));
    }

    @Test
    void objectReachesTheListenerAsText() {
        JsonObject content = JsonObject.of("text", "水 \"quoted\"", "list", JsonArray.of(1, "two"));

        JsonObject _ = stage.message(meter.id(), message("object", content)).body(201);

        JsonObject heard =
                devices.hear("message", meter.id(), e -> e.getString("id").equals("object"));
        assertThat(new JsonObject(heard.getString("content"))).isEqualTo(content);
        assertThat(stage.shownMessage(meter.id(), "object").getJsonObject("message"))
                .isEqualTo(content);
    }

    @Test
    void chineseTextArrives() {
        JsonObject _ = stage.message(meter.id(), message("chinese", "打开水阀")).body(201);

        assertThat(devices.hear("message", meter.id(), e -> e.getString("id").equals("chinese"))
                        .getString("content"))
                .isEqualTo("打开水阀");
        assertThat(stage.shownMessage(meter.id(), "chinese").getString("message"))
                .isEqualTo("打开水阀");
    }

    @Test
    void rawMessageReachesTheRawListener() {
        JsonObject _ = stage.message(meter.id(), message("raw", "原始 text").put("payload_format", "raw"))
                .body(201);

        devices.hear("raw", meter.id(), e -> e.getString("text").equals("原始 text"));
    }

    @Test
    void base64ReachesTheRawListenerAsWhatItStandsFor() {
        JsonObject _ = stage.message(
                        meter.id(), message("base64", "aGVsbG8gYnl0ZXM=").put("encoding", "base64"))
                .body(201);

        devices.hear("raw", meter.id(), e -> e.getString("text").equals("hello bytes"));
        JsonObject shown = stage.shownMessage(meter.id(), "base64");
        assertThat(shown.getString("message")).isEqualTo("aGVsbG8gYnl0ZXM=");
        assertThat(shown.getString("encoding")).isEqualTo("base64");
    }

    @Test
    void largestMessageArrives() {
        String text = "x".repeat(256 * 1024);

        JsonObject _ = stage.message(meter.id(), message("large", text)).body(201);

        assertThat(devices.hear("message", meter.id(), e -> e.getString("id").equals("large"))
                        .getString("content"))
                .isEqualTo(text);
    }

    @Test
    void messageWaitsForItsDevice() {
        Registered device = stage.addDevice(PRODUCT, "absent");
        JsonObject sent = stage.message(device.id(), message("waits", "hello")).body(201);

        assertThat(devices.connectListener(device, stage.tcp())).isZero();

        assertThat(devices.hear("message", device.id()).getString("id")).isEqualTo("waits");
        assertThat(sent.getJsonObject("result").getString("status")).isEqualTo("PENDING");
        assertThat(sent.getJsonObject("result").getString("finished_time")).isNull();
        delivered(device.id(), "waits");
    }

    @Test
    void customTopicWaitsForItsSubscription() {
        Registered device = stage.addDevice(PRODUCT, "custom");
        String topic = "$oc/devices/" + device.id() + "/user/" + TOPIC;
        JsonObject _ = stage.message(
                        device.id(),
                        message("custom", "now").put("topic", TOPIC).put("payload_format", "raw"))
                .body(201);
        assertThat(devices.connectListener(device, stage.tcp())).isZero();
        await().atMost(PATIENCE)
                .until(() -> stage.shownMessage(device.id(), "custom").getJsonObject("error_info") != null);
        JsonObject waiting = stage.shownMessage(device.id(), "custom");

        devices.subscribe(device.id(), topic);

        JsonObject heard = devices.hear("custom", device.id());
        assertThat(waiting.getString("status")).isEqualTo("PENDING");
        assertThat(waiting.getJsonObject("error_info").getString("error_code")).isEqualTo("IOTDA.014112");
        assertThat(waiting.getString("topic")).isEqualTo(topic);
        assertThat(heard.getString("topic")).isEqualTo(topic);
        assertThat(heard.getString("text")).isEqualTo("now");
        delivered(device.id(), "custom");
    }

    @Test
    void fullTopicReachesItsSubscriber() {
        Registered device = stage.addDevice(PRODUCT, "free");
        assertThat(devices.connectListener(device, stage.tcp())).isZero();
        devices.subscribe(device.id(), "/free/topic");

        JsonObject _ = stage.message(device.id(), message("free", "hi").put("topic_full_name", "/free/topic"))
                .body(201);

        JsonObject envelope = new JsonObject(devices.hear("custom", device.id()).getString("text"));
        assertThat(envelope.getString("content")).isEqualTo("hi");
        assertThat(stage.shownMessage(device.id(), "free").getString("topic")).isEqualTo("/free/topic");
    }

    @Test
    void allThatIsKeptComesInOrderAndTheFirstIsPushedOut() {
        Registered device = stage.addDevice(PRODUCT, "full");
        IntStream.rangeClosed(0, KEPT)
                .forEach(n ->
                        stage.message(device.id(), message("m" + n, "text")).body(201));
        List<String> expected =
                IntStream.rangeClosed(1, KEPT).mapToObj(n -> "m" + n).toList();
        List<String> listed = listed(device.id());

        assertThat(devices.connectListener(device, stage.tcp())).isZero();

        assertThat(Stream.generate(() -> devices.hear("message", device.id()).getString("id"))
                        .limit(KEPT)
                        .toList())
                .isEqualTo(expected);
        assertThat(listed).isEqualTo(expected.reversed());
        assertThat(stage.shownMessage(device.id(), "m0").getString("message_id"))
                .isNull();
    }

    @Test
    void twoProcessesWithOneIdLoseNoMessage() {
        Registered device = stage.addDevice(PRODUCT, "contested");
        assertThat(devices.connectListener(device, stage.tcp())).isZero();
        devices.hear("connected", device.id());

        try (DeviceSdk rival = new DeviceSdk("message-rival")) {
            assertThat(rival.connectListener(device, stage.tcp())).isZero();
            devices.hear("lost", device.id());
            IntStream.range(0, 10)
                    .forEach(n ->
                            stage.message(device.id(), message("m" + n, "text")).body(201));
        }

        IntStream.range(0, 10).forEach(n -> delivered(device.id(), "m" + n));
    }

    @Test
    void gatewayHearsTheMessagesOfItsSubDevice() {
        Registered gateway = stage.addDevice(PRODUCT, "gateway");
        String child = stage.addDevice(
                        JsonObject.of("product_id", PRODUCT, "node_id", "child", "gateway_id", gateway.id()))
                .id();
        JsonObject _ = stage.message(child, message("for-child", "hello")).body(201);

        assertThat(devices.connectGateway(gateway, stage.tcp())).isZero();

        JsonObject heard = devices.hear("message", gateway.id());
        assertThat(heard.getString("target")).isEqualTo(child);
        assertThat(heard.getString("content")).isEqualTo("hello");
        delivered(child, "for-child");
    }

    @Test
    void broadcastReachesItsSubscribers() {
        Registered device = stage.addDevice(PRODUCT, "listener");
        assertThat(devices.connectListener(device, stage.tcp())).isZero();
        devices.subscribe(device.id(), "$oc/broadcast/news");

        JsonObject sent = stage.call(
                        "broadcastMessage",
                        JsonObject.of(
                                "body", JsonObject.of("topic_full_name", "$oc/broadcast/news", "message", "aGVsbG8=")))
                .body(201);

        assertThat(devices.hear("custom", device.id()).getString("text")).isEqualTo("hello");
        assertThat(sent.getString("topic_full_name")).isEqualTo("$oc/broadcast/news");
        assertThat(sent.getString("app_id")).isNotBlank();
        assertThat(sent.getString("message_id")).isNotBlank();
        assertThat(sent.getString("created_time")).matches("\\d{8}T\\d{6}Z");
    }

    @Test
    void allFieldsAreShownAsTheyWereSent() {
        Registered device = stage.addDevice(PRODUCT, "shown");
        JsonObject properties = JsonObject.of("correlation_data", "c-1", "response_topic", "answers/here")
                .put("user_properties", JsonArray.of(JsonObject.of("prop_key", "key", "prop_value", "a value")));
        JsonObject body = message("all", "text")
                .put("name", "greeting")
                .put("encoding", "none")
                .put("payload_format", "raw")
                .put("topic", TOPIC)
                .put("ttl", 60)
                .put("properties", properties);

        JsonObject _ = stage.message(device.id(), body).body(201);

        JsonObject shown = stage.shownMessage(device.id(), "all");
        assertThat(shown.getMap())
                .containsEntry("message_id", "all")
                .containsEntry("name", "greeting")
                .containsEntry("message", "text")
                .containsEntry("encoding", "none")
                .containsEntry("payload_format", "raw")
                .containsEntry("topic", "$oc/devices/" + device.id() + "/user/" + TOPIC)
                .containsEntry("status", "PENDING");
        assertThat(shown.getJsonObject("properties")).isEqualTo(properties);
        assertThat(listed(device.id())).containsExactly("all");
    }

    @Test
    void messageThatIsNotToWaitFails() {
        Registered device = stage.addDevice(PRODUCT, "away");

        JsonObject sent =
                stage.message(device.id(), message("now", "text").put("ttl", 0)).body(201);

        assertThat(sent.getJsonObject("result").getString("status")).isEqualTo("FAILED");
        assertThat(stage.shownMessage(device.id(), "now")
                        .getJsonObject("error_info")
                        .getString("error_code"))
                .isEqualTo("IOTDA.014016");
    }

    @Test
    void errorsHaveTheirCodes() {
        JsonObject _ = stage.message(meter.id(), message("twice", "text")).body(201);

        stage.message(meter.id(), message("twice", "text")).failedWith(400, "IOTDA.900002");
        stage.message(meter.id(), message("long", "x".repeat(256 * 1024 + 1))).failedWith(400, "IOTDA.000006");
        stage.message(meter.id(), message("other", "x").put("topic", "none")).failedWith(400, "IOTDA.000006");
        stage.message(meter.id(), message("seven", "x").put("ttl", 7)).failedWith(400, "IOTDA.000006");
        stage.message("NoSuch_device", message("none", "x")).failedWith(404, "IOTDA.014000");
        stage.call("listDeviceMessages", JsonObject.of("device_id", "NoSuch_device"))
                .failedWith(404, "IOTDA.014000");
        stage.call(
                        "broadcastMessage",
                        JsonObject.of("body", JsonObject.of("topic_full_name", "/news", "message", "aGk=")))
                .failedWith(400, "IOTDA.000006");
    }

    /** Messages m0, m1 and so on. */
    private void send(String device, int count) {
        for (int n = 0; n < count; n++) {
            JsonObject _ = stage.message(device, message("m" + n, "text")).body(201);
        }
    }

    private List<String> listed(String device) {
        JsonObject found = stage.call("listDeviceMessages", JsonObject.of("device_id", device))
                .body(200);
        assertThat(found.getString("device_id")).isEqualTo(device);
        return found.getJsonArray("messages").stream()
                .map(one -> ((JsonObject) one).getString("message_id"))
                .toList();
    }

    private void delivered(String device, String id) {
        await().atMost(PATIENCE)
                .until(() -> stage.shownMessage(device, id).getString("status").equals("DELIVERED"));
    }

    private static JsonObject message(String id, Object content) {
        return JsonObject.of("message_id", id, "message", content);
    }
}
