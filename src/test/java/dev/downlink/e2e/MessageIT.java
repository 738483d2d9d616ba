// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.downlink.support.Api;
import dev.downlink.support.Api.Answer;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message from its application to its device, on real parts (northbound §2, southbound §2.2 and §4). */
class MessageIT {
    private static final String SECRET = "a-device-secret";
    private static final int KEPT = 20;

    private static TestGateway gateway;
    private static Api api;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        api = gateway.project("project");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
        JsonObject topic = new JsonObject().put("topic", "down/now").put("operation", "subscribe");
        assertThat(api.post("/products/Meter/topics", topic).status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    @Test
    void messageWaitsForItsDevice() {
        String device = register("absent");

        Answer answer = api.message(device, message("m1", "hello").put("name", "greeting"));
        JsonObject waiting = api.shownMessage(device, "m1");
        try (TestDevice connected = connect(device)) {
            Mqtt5Publish publish = connected.next();
            await().until(() -> status(device, "m1").equals("DELIVERED"));

            assertThat(publish.getTopic()).hasToString("$oc/devices/" + device + "/sys/messages/down");
            assertThat(json(publish))
                    .isEqualTo(new JsonObject()
                            .put("object_device_id", device)
                            .put("name", "greeting")
                            .put("id", "m1")
                            .put("content", "hello"));
        }
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().getJsonObject("result").getString("status")).isEqualTo("PENDING");
        assertThat(answer.body().getJsonObject("result").containsKey("finished_time"))
                .isFalse();
        assertThat(waiting.getString("status")).isEqualTo("PENDING");
        assertThat(api.shownMessage(device, "m1").getString("finished_time")).isNotEmpty();
    }

    @Test
    void connectedDeviceHasItWhenTheAnswerComes() {
        String device = register("present");
        try (TestDevice connected = connect(device)) {
            JsonObject result =
                    api.message(device, message("m1", "hello")).body().getJsonObject("result");

            assertThat(result.getString("status")).isEqualTo("DELIVERED");
            assertThat(result.getString("finished_time")).isNotEmpty();
            assertThat(json(connected.next()).getString("id")).isEqualTo("m1");
        }
    }

    @Test
    void allThatIsKeptComesInOrder() {
        String device = register("full");
        List<String> ids = ids(0, KEPT);
        ids.forEach(id -> api.message(device, message(id, id)));

        try (TestDevice connected = connect(device)) {
            assertThat(received(connected, KEPT)).isEqualTo(ids);
            await().until(() -> ids.stream().allMatch(id -> status(device, id).equals("DELIVERED")));
        }
    }

    @Test
    void oneTooManyPushesOutTheFirst() {
        String device = register("overfull");
        ids(0, KEPT + 1).forEach(id -> api.message(device, message(id, id)));

        List<String> listed = listed(device);
        try (TestDevice connected = connect(device)) {
            assertThat(received(connected, KEPT)).isEqualTo(ids(1, KEPT + 1));
        }
        assertThat(listed).isEqualTo(ids(1, KEPT + 1).reversed());
        assertThat(api.shownMessage(device, "m0").containsKey("message_id")).isFalse();
    }

    @Test
    void productMayRefuseOneTooMany() {
        assertThat(api.createProduct("Small").status()).isEqualTo(201);
        JsonObject cache = new JsonObject().put("max_messages", 2).put("overflow", "refuse");
        assertThat(api.put("/products/Small/message-cache", cache).status()).isEqualTo(200);
        assertThat(api.createDevice("Small", "1", SECRET).status()).isEqualTo(201);
        api.message("Small_1", message("m0", "x"));
        api.message("Small_1", message("m1", "x"));

        Answer third = api.message("Small_1", message("m2", "x"));

        assertThat(third.status()).isEqualTo(403);
        assertThat(third.reason()).isEqualTo("messages_full");
        assertThat(listed("Small_1")).containsExactly("m1", "m0");
        try (TestDevice connected = connect("Small_1")) {
            assertThat(received(connected, 2)).containsExactly("m0", "m1");
            await().until(() -> status("Small_1", "m1").equals("DELIVERED"));
            assertThat(api.message("Small_1", message("m3", "x")).status()).isEqualTo(201);
        }
    }

    @Test
    void messageWithoutATtlDoesNotWait() {
        String device = register("now");

        Answer answer = api.message(device, message("m1", "now").put("ttl", 0));
        api.message(device, message("m2", "later"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().getJsonObject("result").getString("status")).isEqualTo("FAILED");
        JsonObject shown = api.shownMessage(device, "m1");
        assertThat(shown.getJsonObject("error_info").getString("error_code")).isEqualTo("IOTDA.014016");
        assertThat(shown.getString("finished_time")).isNotEmpty();
        try (TestDevice connected = connect(device)) {
            assertThat(received(connected, 1)).containsExactly("m2");
        }
    }

    @Test
    void messageThatWaitsForASubscriptionLetsOthersPass() {
        String device = register("picky");
        api.message(device, message("m1", "custom").put("topic", "down/now"));
        api.message(device, message("m2", "system"));

        try (TestDevice connected = connect(device)) {
            assertThat(received(connected, 1)).containsExactly("m2");
            await().until(() -> api.shownMessage(device, "m1").containsKey("error_info"));
            JsonObject waiting = api.shownMessage(device, "m1");
            connected.subscribe("$oc/devices/" + device + "/user/down/now");
            Mqtt5Publish publish = connected.next();

            assertThat(waiting.getString("status")).isEqualTo("PENDING");
            assertThat(waiting.getJsonObject("error_info").getString("error_code"))
                    .isEqualTo("IOTDA.014112");
            assertThat(publish.getTopic()).hasToString("$oc/devices/" + device + "/user/down/now");
            assertThat(json(publish).getString("id")).isEqualTo("m1");
            await().until(() -> status(device, "m1").equals("DELIVERED"));
        }
    }

    @Test
    void topicThatIsNoneOfTheProductsIsRefused() {
        String device = register("wrong_topic");

        Answer answer = api.message(device, message("m1", "x").put("topic", "down/later"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().getString("error_msg")).startsWith("topic ");
    }

    @Test
    void messageForASubDeviceGoesThroughItsGateway() {
        String top = register("top");
        JsonObject child = new JsonObject()
                .put("product_id", "Meter")
                .put("node_id", "child")
                .put("gateway_id", top);
        assertThat(api.post("/devices", child).status()).isEqualTo(201);
        api.message("Meter_child", message("m1", "hello"));

        try (TestDevice connected = connect(top)) {
            Mqtt5Publish publish = connected.next();

            assertThat(publish.getTopic()).hasToString("$oc/devices/" + top + "/sys/messages/down");
            assertThat(json(publish).getString("object_device_id")).isEqualTo("Meter_child");
            await().until(() -> status("Meter_child", "m1").equals("DELIVERED"));
        }
        assertThat(listed("Meter_child")).containsExactly("m1");
        assertThat(listed(top)).isEmpty();
        assertThat(api.shownMessage("Meter_child", "m1").getString("topic"))
                .isEqualTo("$oc/devices/" + top + "/sys/messages/down");
    }

    @Test
    void timelineTellsWhatHappened() {
        String device = register("watched");
        api.message(device, message("m1", "hello"));
        List<String> before = events(device, "m1");
        try (TestDevice connected = connect(device)) {
            assertThat(received(connected, 1)).containsExactly("m1");
            await().until(() -> status(device, "m1").equals("DELIVERED"));
        }

        assertThat(before).containsExactly("accepted", "stored");
        assertThat(events(device, "m1"))
                .startsWith("accepted", "stored")
                .containsSubsequence("published", "acknowledged");
    }

    @Test
    void repetitionWithAKeyHasTheFirstAnswer() {
        String device = register("repeated");
        JsonObject message = message("m1", "hello");
        Answer first = withKey(device, message);

        Answer again = withKey(device, message);
        Answer other = withKey(device, message.copy().put("message", "other"));
        Answer without = api.message(device, message);

        assertThat(again).isEqualTo(first);
        assertThat(again.status()).isEqualTo(201);
        assertThat(other.reason()).isEqualTo("already_exists");
        assertThat(without.reason()).isEqualTo("already_exists");
        assertThat(listed(device)).containsExactly("m1");
    }

    @Test
    void keyIsTheIdOfAMessageThatHasNone() {
        String device = register("keyed");
        JsonObject message = new JsonObject().put("message", "hello");

        Answer first = withKey(device, message);
        Answer again = withKey(device, message);

        assertThat(first.body().getString("message_id")).isEqualTo("key-7");
        assertThat(again).isEqualTo(first);
    }

    private static Answer withKey(String device, JsonObject message) {
        return api.call(
                "POST", "/devices/" + device + "/messages", message.encode(), Map.of("Idempotency-Key", "key-7"));
    }

    @Test
    void deletedMessageIsNotDelivered() {
        String device = register("deleted");
        api.message(device, message("m1", "x"));
        api.message(device, message("m2", "x"));

        int status = api.delete("/devices/" + device + "/messages/m1").status();
        int again = api.delete("/devices/" + device + "/messages/m1").status();

        assertThat(List.of(status, again)).containsExactly(204, 204);
        assertThat(listed(device)).containsExactly("m2");
        assertThat(api.shownMessage(device, "m1")).isEqualTo(new JsonObject());
        try (TestDevice connected = connect(device)) {
            assertThat(received(connected, 1)).containsExactly("m2");
        }
    }

    @Test
    void deviceOfMqtt5HasTheProperties() {
        String device = register("five");
        JsonObject properties = new JsonObject()
                .put("correlation_data", "c-1")
                .put("response_topic", "answers/here")
                .put(
                        "user_properties",
                        new JsonArray()
                                .add(property("k", "one"))
                                .add(property("k", "two words"))
                                .add(property("other", "")));
        try (TestDevice connected = connect(device)) {
            api.message(device, message("m1", "x").put("ttl", 10).put("properties", properties));
            Mqtt5Publish publish = connected.next();

            assertThat(publish.getCorrelationData()
                            .map(data -> StandardCharsets.UTF_8
                                    .decode(data.duplicate())
                                    .toString()))
                    .contains("c-1");
            assertThat(publish.getResponseTopic().map(Object::toString)).contains("answers/here");
            assertThat(publish.getUserProperties().asList().stream().map(one -> one.getName() + "=" + one.getValue()))
                    .containsExactly("k=one", "k=two words", "other=");
            assertThat(publish.getMessageExpiryInterval().orElseThrow()).isBetween(1L, 600L);
        }
        assertThat(api.shownMessage(device, "m1").getJsonObject("properties")).isEqualTo(properties);
    }

    private static JsonObject property(String key, String value) {
        return new JsonObject().put("prop_key", key).put("prop_value", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"b\":1.50,\"a\":[null,\"水\"]}", "7", "true", "[]"})
    void anyJsonArrivesAsTextAndIsShownAsItIs(String content) {
        String device = register("json" + content.length());
        var _ = api.call(
                "POST", "/devices/" + device + "/messages", "{\"message_id\":\"m1\",\"message\":" + content + "}");
        var _ = api.call(
                "POST",
                "/devices/" + device + "/messages",
                "{\"message_id\":\"m2\",\"payload_format\":\"raw\",\"message\":" + content + "}");

        try (TestDevice connected = connect(device)) {
            assertThat(json(connected.next()).getString("content")).isEqualTo(content);
            assertThat(connected.nextText()).isEqualTo(content);
        }
        assertThat(api.shownMessage(device, "m1").getValue("message"))
                .isEqualTo(new JsonObject("{\"message\":" + content + "}").getValue("message"));
    }

    @Test
    void base64ArrivesAsItsBytes() {
        String device = register("bytes");
        try (TestDevice connected = connect(device)) {
            api.message(device, message("m1", "AAH+gA==").put("encoding", "base64"));

            assertThat(connected.next().getPayloadAsBytes()).containsExactly(0, 1, 254, 128);
        }
    }

    @Test
    void largestMessageArrives() {
        String device = register("large");
        String text = "x".repeat(256 * 1024);
        try (TestDevice connected = connect(device)) {
            api.message(device, message("m1", text));

            assertThat(json(connected.next()).getString("content")).isEqualTo(text);
        }
    }

    @Test
    void broadcastReachesItsSubscribers() {
        String listening = register("listening");
        String deaf = register("deaf");
        try (TestDevice listener = connect(listening);
                TestDevice other = connect(deaf)) {
            listener.subscribe("$oc/broadcast/news/+");
            JsonObject broadcast = new JsonObject()
                    .put("topic_full_name", "$oc/broadcast/news/today")
                    .put("message", "AAH+gA==");

            Answer answer = api.post("/broadcast-messages", broadcast);
            Mqtt5Publish publish = listener.next();
            api.message(deaf, message("m1", "x"));

            assertThat(answer.status()).isEqualTo(201);
            assertThat(publish.getTopic()).hasToString("$oc/broadcast/news/today");
            assertThat(publish.getPayloadAsBytes()).containsExactly(0, 1, 254, 128);
            assertThat(received(other, 1)).containsExactly("m1");
        }
    }

    @Test
    void broadcastThatFailedHalfWayCanBeRepeated() {
        List<String> devices = List.of(register("reached"), register("missed"));
        for (String device : devices) {
            try (TestDevice listener = connect(device)) {
                listener.subscribe("$oc/broadcast/kept");
            }
        }
        JsonObject broadcast = new JsonObject()
                .put("topic_full_name", "$oc/broadcast/kept")
                .put("message", "AAH+gA==")
                .put("ttl", 60);
        api.message(devices.getFirst(), broadcast.copy().put("message_id", "b1").put("encoding", "base64"));

        Answer refused = api.post("/broadcast-messages", broadcast.copy().put("message_id", "b1"));
        Answer repeated = api.call("POST", "/broadcast-messages", broadcast.encode(), Map.of("Idempotency-Key", "b1"));

        assertThat(refused.reason()).isEqualTo("already_exists");
        assertThat(repeated.status()).isEqualTo(201);
        assertThat(devices).allSatisfy(device -> assertThat(listed(device)).containsExactly("b1"));
    }

    @Test
    void connectionThatTookOverGetsTheMessages() {
        String device = register("moves");
        try (TestDevice before = connect(device);
                TestDevice after = connect(device)) {
            await().until(() -> !before.isConnected());
            JsonObject result = api.message(device, message("m1", "x")).body().getJsonObject("result");

            assertThat(result.getString("status")).isEqualTo("DELIVERED");
            assertThat(received(after, 1)).containsExactly("m1");
        }
    }

    private static String register(String node) {
        assertThat(api.createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return "Meter_" + node;
    }

    private static TestDevice connect(String device) {
        return TestDevice.connect(gateway.port("mqtt"), device, SECRET);
    }

    private static JsonObject message(String id, String text) {
        return new JsonObject().put("message_id", id).put("message", text);
    }

    private static JsonObject json(Mqtt5Publish publish) {
        return new JsonObject(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8));
    }

    private static List<String> received(TestDevice device, int count) {
        return Stream.generate(() -> json(device.next()).getString("id"))
                .limit(count)
                .toList();
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private static String status(String device, String id) {
        return api.shownMessage(device, id).getString("status");
    }

    private static List<String> listed(String device) {
        return api.get("/devices/" + device + "/messages").body().getJsonArray("messages").stream()
                .map(one -> ((JsonObject) one).getString("message_id"))
                .toList();
    }

    private static List<String> events(String device, String id) {
        return api.shownMessage(device, id).getJsonArray("timeline").stream()
                .map(one -> ((JsonObject) one).getString("event"))
                .toList();
    }
}
