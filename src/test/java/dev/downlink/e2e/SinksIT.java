// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.Api.Answer;
import dev.downlink.support.KafkaNode;
import dev.downlink.support.StorageServer;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a rule made over REST into a topic of a real Kafka and a bucket of a real object storage (northbound §6). */
class SinksIT {
    private static final String SECRET = "a-device-secret";
    private static final int MESSAGES = 20;

    @TempDir
    static Path directory;

    private static KafkaNode kafka;
    private static StorageServer storage;
    private static TestGateway gateway;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaNode(Files.createDirectory(directory.resolve("kafka")));
        storage = new StorageServer(Files.createDirectory(directory.resolve("storage")));
        gateway = TestGateway.start(
                "STORAGE_ENDPOINT",
                storage.endpoint(),
                "STORAGE_ACCESS_KEY",
                StorageServer.ACCESS_KEY,
                "STORAGE_SECRET_KEY",
                StorageServer.SECRET_KEY,
                "STORAGE_FILE_INTERVAL",
                "500ms");
        api = gateway.project("project");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        gateway.close();
        storage.close();
        kafka.close();
    }

    @Test
    void topicGetsEveryStatusOfMessages() {
        kafka.createTopic("statuses", 3, Map.of());
        api.createDevice("Meter", "topic", SECRET);
        assertThat(activate(toTopic("statuses"))).extracting(Answer::status).isEqualTo(200);

        List<String> messages = send("Meter_topic");

        await().untilAsserted(() -> assertThat(kafka.read("statuses").stream()
                        .filter(found -> found.key().equals("Meter_topic"))
                        .map(found -> pending(found.value())))
                .containsExactlyElementsOf(messages));
    }

    @Test
    void bucketGetsEveryStatusOfMessages() {
        storage.createBucket("statuses");
        api.createDevice("Meter", "bucket", SECRET);
        assertThat(activate(toBucket("statuses", "{deviceId}")))
                .extracting(Answer::status)
                .isEqualTo(200);

        List<String> messages = send("Meter_bucket");

        await().untilAsserted(() -> assertThat(storage.objects("statuses").entrySet().stream()
                        .filter(file -> file.getKey().startsWith("Meter_bucket/"))
                        .flatMap(file -> file.getValue().stream())
                        .map(SinksIT::pending))
                .containsExactlyElementsOf(messages));
    }

    @Test
    void sampleIsThereAtOnce() {
        storage.createBucket("samples");
        JsonObject action = create(toBucket("samples", null));

        Answer answer = api.post("/routing-rule/actions/" + action.getString("action_id") + "/test", new JsonObject());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(storage.lines("samples")).hasSize(1);
    }

    @Test
    void ruleIsNotMadeActiveWhenNobodyIsThere() {
        Answer topic = activate(toTopic("nowhere"));
        Answer bucket = activate(toBucket("nowhere", null));

        assertThat(topic.body().encode()).contains("there is no topic nowhere");
        assertThat(bucket.body().encode()).contains("there is no bucket nowhere");
    }

    /** Messages to a device that is not there, each of which is PENDING. */
    private static List<String> send(String device) {
        List<String> ids = IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList();
        ids.forEach(id -> assertThat(api.message(
                                device, new JsonObject().put("message_id", id).put("message", "hello"))
                        .status())
                .isEqualTo(201));
        return ids;
    }

    private static String pending(String event) {
        JsonObject body = new JsonObject(event).getJsonObject("notify_data").getJsonObject("body");
        assertThat(body.getString("status")).isEqualTo("PENDING");
        return body.getString("message_id");
    }

    private static JsonObject toTopic(String topic) {
        JsonObject address = new JsonObject().put("ip", "127.0.0.1").put("port", kafka.port());
        JsonObject detail = new JsonObject()
                .put("region_name", "region")
                .put("project_id", "project")
                .put("addresses", new JsonArray().add(address))
                .put("topic", topic)
                .put("mechanism", "PAAS")
                .put("security_protocol", "PLAINTEXT");
        return channel("DMS_KAFKA_FORWARDING", detail);
    }

    private static JsonObject toBucket(String bucket, String path) {
        JsonObject detail = new JsonObject()
                .put("region_name", "region")
                .put("project_id", "project")
                .put("bucket_name", bucket)
                .put("file_path", path);
        return channel("OBS_FORWARDING", detail);
    }

    private static JsonObject channel(String channel, JsonObject detail) {
        return new JsonObject()
                .put("channel", channel)
                .put("channel_detail", new JsonObject().put(channel.toLowerCase(Locale.ROOT), detail));
    }

    /** The action, made in a rule of its own. */
    private static JsonObject create(JsonObject channel) {
        JsonObject subject =
                new JsonObject().put("resource", "device.message.status").put("event", "update");
        Answer rule = api.post("/routing-rule/rules", new JsonObject().put("subject", subject));
        Answer action = api.post(
                "/routing-rule/actions",
                channel.copy().put("rule_id", rule.body().getString("rule_id")));
        assertThat(action.status()).as("%s", action).isEqualTo(201);
        return action.body();
    }

    private static Answer activate(JsonObject channel) {
        String rule = create(channel).getString("rule_id");
        return api.put("/routing-rule/rules/" + rule, new JsonObject().put("active", true));
    }
}
