// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.Api;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one project owns is invisible to another. */
class FencesIT {
    private static final String SECRET = "a-device-secret";
    private static final JsonObject NOTHING = new JsonObject();

    private static TestGateway gateway;
    private static Api owner;
    private static Api stranger;
    /** Ids of what the owner has, by the words that stand for them in paths and bodies. */
    private static final Map<String, String> IDS = new HashMap<>();

    @BeforeAll
    static void twoProjects() {
        gateway = TestGateway.start();
        owner = gateway.project("owner");
        stranger = gateway.project("stranger");
        make("SPACE", "/apps", new JsonObject().put("app_name", "field"), "app_id");
        make("GROUP", "/device-group", new JsonObject().put("name", "ours"), "group_id");
        forwarding();
        assertThat(owner.createProduct("Meter").status()).isEqualTo(201);
        assertThat(owner.createDevice("Meter", "1", SECRET).status()).isEqualTo(201);
        assertThat(owner.post("/tags/bind-resource", tag("ours")).status()).isEqualTo(200);
        assertThat(owner.post(known("/device-group/GROUP/action?action_id=addDevice&device_id=Meter_1"), NOTHING)
                        .status())
                .isEqualTo(200);
        gateway.connect("Meter_1", SECRET);
        JsonObject message = new JsonObject().put("message_id", "m1").put("message", "x");
        assertThat(owner.message("Meter_1", message).status()).isEqualTo(201);
    }

    private static void make(String word, String path, JsonObject body, String id) {
        IDS.put(word, owner.post(path, body).body().getString(id));
    }

    private static void forwarding() {
        make("RULE", "/routing-rule/rules", rule(), "rule_id");
        make("QUEUE", "/amqp-queues", new JsonObject().put("queue_name", "our-queue"), "queue_id");
        make("ACTION", "/routing-rule/actions", action(IDS.get("RULE")), "action_id");
        make("BACKLOG", "/routing-rule/backlog-policy", NOTHING, "policy_id");
        make("FLOW", "/routing-rule/flowcontrol-policy", NOTHING, "policy_id");
    }

    private static JsonObject rule() {
        return new JsonObject()
                .put(
                        "subject",
                        new JsonObject().put("resource", "device.status").put("event", "update"));
    }

    private static JsonObject action(String rule) {
        JsonObject queue = new JsonObject().put("queue_name", "our-queue");
        return new JsonObject()
                .put("rule_id", rule)
                .put("channel", "AMQP_FORWARDING")
                .put("channel_detail", new JsonObject().put("amqp_forwarding", queue));
    }

    private static String known(String text) {
        String known = text;
        for (Map.Entry<String, String> id : IDS.entrySet()) {
            known = known.replace(id.getKey(), id.getValue());
        }
        return known;
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    static List<Arguments> callsOnOthersThings() {
        JsonObject name =
                new JsonObject().put("name", "mine").put("app_name", "mine").put("device_name", "mine");
        JsonObject command = new JsonObject().put("paras", new JsonObject());
        JsonObject properties = new JsonObject("""
            {"services": [{"service_id": "WaterMeter", "properties": {"interval": 15}}]}\
            """);
        JsonObject topic = new JsonObject().put("topic", "t").put("operation", "all");
        JsonObject message = new JsonObject().put("message_id", "m2").put("message", "x");
        JsonObject broadcast = new JsonObject()
                .put("app_id", "SPACE")
                .put("topic_full_name", "$oc/broadcast/x")
                .put("message", "aGk=");
        JsonObject tags = new JsonObject()
                .put("resource_type", "device")
                .put("resource_id", "Meter_1")
                .put("tags", new JsonArray().add(new JsonObject().put("tag_key", "theirs")))
                .put("tag_keys", new JsonArray().add("ours"));
        JsonObject below = new JsonObject().put("name", "below").put("super_group_id", "GROUP");
        JsonObject cache = new JsonObject().put("max_messages", 1).put("overflow", "refuse");
        return List.of(
                Arguments.of("GET", "/products/Meter", NOTHING, 404),
                Arguments.of("PUT", "/products/Meter", name, 404),
                Arguments.of("DELETE", "/products/Meter", NOTHING, 404),
                Arguments.of("GET", "/products/Meter/topics", NOTHING, 404),
                Arguments.of("POST", "/products/Meter/topics", topic, 404),
                Arguments.of("DELETE", "/products/Meter/topics/t", NOTHING, 404),
                Arguments.of("GET", "/devices/Meter_1", NOTHING, 404),
                Arguments.of("PUT", "/devices/Meter_1", name, 404),
                Arguments.of("DELETE", "/devices/Meter_1", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/freeze", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/unfreeze", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/action?action_id=resetSecret", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/reset-fingerprint", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/commands", command, 404),
                Arguments.of("PUT", "/devices/Meter_1/properties", properties, 404),
                Arguments.of("GET", "/devices/Meter_1/properties?service_id=WaterMeter", NOTHING, 404),
                Arguments.of("GET", "/products/Meter/message-cache", NOTHING, 404),
                Arguments.of("PUT", "/products/Meter/message-cache", cache, 404),
                Arguments.of("DELETE", "/products/Meter/message-cache", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/messages", message, 404),
                Arguments.of("GET", "/devices/Meter_1/messages", NOTHING, 404),
                Arguments.of("GET", "/devices/Meter_1/messages/m1", NOTHING, 404),
                Arguments.of("GET", "/devices/Meter_1/messages/m1?timeline=true", NOTHING, 404),
                Arguments.of("DELETE", "/devices/Meter_1/messages/m1", NOTHING, 404),
                Arguments.of("POST", "/tags/bind-resource", tags, 404),
                Arguments.of("POST", "/tags/unbind-resource", tags, 404),
                Arguments.of("POST", "/devices/Meter_1/list-device-group", NOTHING, 404),
                Arguments.of("GET", "/device-group/GROUP", NOTHING, 404),
                Arguments.of("PUT", "/device-group/GROUP", name, 404),
                Arguments.of("DELETE", "/device-group/GROUP", NOTHING, 404),
                Arguments.of("GET", "/device-group/GROUP/devices", NOTHING, 404),
                Arguments.of("POST", "/device-group/GROUP/action?action_id=addDevice&device_id=Meter_1", NOTHING, 404),
                Arguments.of(
                        "POST", "/device-group/GROUP/action?action_id=removeDevice&device_id=Meter_1", NOTHING, 404),
                Arguments.of("POST", "/device-group", below, 404),
                Arguments.of("GET", "/routing-rule/rules/RULE", NOTHING, 404),
                Arguments.of("PUT", "/routing-rule/rules/RULE", new JsonObject().put("active", true), 404),
                Arguments.of("DELETE", "/routing-rule/rules/RULE", NOTHING, 404),
                Arguments.of("POST", "/routing-rule/actions", action("RULE"), 404),
                Arguments.of("GET", "/routing-rule/actions/ACTION", NOTHING, 404),
                Arguments.of("PUT", "/routing-rule/actions/ACTION", action("RULE"), 404),
                Arguments.of("DELETE", "/routing-rule/actions/ACTION", NOTHING, 404),
                Arguments.of("POST", "/routing-rule/actions/ACTION/test", NOTHING, 404),
                Arguments.of("GET", "/routing-rule/actions/ACTION/dead-letters", NOTHING, 404),
                Arguments.of("DELETE", "/routing-rule/actions/ACTION/dead-letters", NOTHING, 404),
                Arguments.of("POST", "/routing-rule/actions/ACTION/dead-letters/replay", NOTHING, 404),
                Arguments.of("GET", "/routing-rule/backlog-policy/BACKLOG", NOTHING, 404),
                Arguments.of("PUT", "/routing-rule/backlog-policy/BACKLOG", NOTHING, 404),
                Arguments.of("DELETE", "/routing-rule/backlog-policy/BACKLOG", NOTHING, 404),
                Arguments.of("GET", "/routing-rule/flowcontrol-policy/FLOW", NOTHING, 404),
                Arguments.of("PUT", "/routing-rule/flowcontrol-policy/FLOW", NOTHING, 404),
                Arguments.of("DELETE", "/routing-rule/flowcontrol-policy/FLOW", NOTHING, 404),
                Arguments.of("DELETE", "/amqp-queues/QUEUE", NOTHING, 404),
                Arguments.of("POST", "/broadcast-messages", broadcast, 403),
                Arguments.of("GET", "/apps/SPACE", NOTHING, 403),
                Arguments.of("PUT", "/apps/SPACE", name, 403),
                Arguments.of("DELETE", "/apps/SPACE", NOTHING, 403));
    }

    @ParameterizedTest
    @MethodSource("callsOnOthersThings")
    void thingOfAnotherProjectDoesNotExist(String method, String path, JsonObject body, int status) {
        String text = method.equals("GET") || method.equals("DELETE") ? "" : known(body.encode());

        Api.Answer answer = stranger.call(method, known(path), text);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    }

    @Test
    void listsShowOnlyTheOwnProject() {
        assertThat(stranger.get("/products").body().getJsonArray("products")).isEmpty();
        assertThat(stranger.get("/devices").body().getJsonArray("devices")).isEmpty();
        assertThat(stranger.get("/apps").body().getJsonArray("applications")).hasSize(1);
        assertThat(owner.get("/devices").body().getJsonArray("devices")).isNotEmpty();
        assertThat(stranger.get("/routing-rule/rules").body().getInteger("count"))
                .isZero();
        assertThat(stranger.get("/routing-rule/actions").body().getInteger("count"))
                .isZero();
        assertThat(stranger.get("/routing-rule/backlog-policy").body().getInteger("count"))
                .isZero();
        assertThat(stranger.get("/routing-rule/flowcontrol-policy").body().getInteger("count"))
                .isZero();
        assertThat(stranger.get("/amqp-queues").body().getJsonArray("queues")).isEmpty();
        assertThat(owner.get("/routing-rule/actions").body().getInteger("count"))
                .isEqualTo(1);
    }

    @Test
    void queueOfAnotherProjectIsNotSeenAndNotFilled() {
        String rule = stranger.post("/routing-rule/rules", rule()).body().getString("rule_id");

        Api.Answer filled = stranger.post("/routing-rule/actions", action(rule));

        assertThat(filled.status()).isEqualTo(404);
        assertThat(stranger.get(known("/amqp-queues/QUEUE")).body().getString("queue_id"))
                .isNull();
        assertThat(owner.get(known("/amqp-queues/QUEUE")).body().getString("queue_name"))
                .isEqualTo("our-queue");
        assertThat(stranger.delete("/routing-rule/rules/" + rule).status()).isEqualTo(204);
    }

    private static JsonObject tag(String key) {
        return new JsonObject()
                .put("resource_type", "device")
                .put("resource_id", "Meter_1")
                .put("tags", new JsonArray().add(new JsonObject().put("tag_key", key)));
    }

    @Test
    void searchesAndGroupsShowOnlyTheOwnProject() {
        for (String condition : List.of(
                "device_id = 'Meter_1'",
                "tag_key = 'ours'",
                "group_id = '" + IDS.get("GROUP") + "'",
                "gateway_id != 'x'")) {
            JsonObject search = new JsonObject().put("sql", "select * from device where " + condition);

            assertThat(found(stranger, search)).as(condition).isEmpty();
            assertThat(found(owner, search)).as(condition).isNotEmpty();
        }
        JsonObject ruled = new JsonObject()
                .put("name", "ruled")
                .put("group_type", "DYNAMIC")
                .put("dynamic_group_rule", "device_id = 'Meter_1'");
        String theirs = stranger.post("/device-group", ruled).body().getString("group_id");
        assertThat(stranger.get("/device-group/" + theirs + "/devices").body().getJsonArray("devices"))
                .isEmpty();
        assertThat(stranger.post("/tags/query-resources", tag("ours")).body().getJsonArray("resources"))
                .isEmpty();
        assertThat(owner.post("/tags/query-resources", tag("ours")).body().getJsonArray("resources"))
                .hasSize(1);
        assertThat(stranger.get("/device-group?name=ours").body().getJsonArray("device_groups"))
                .isEmpty();
    }

    private static JsonArray found(Api asker, JsonObject search) {
        return asker.post("/search/query-devices", search).body().getJsonArray("devices");
    }

    @Test
    void projectOfTheKeyIsTheOnlyOneItOpens() {
        Api withTheWrongKey = new Api(owner.base(), owner.project(), stranger.signer());

        Api.Answer answer = withTheWrongKey.get("/devices/Meter_1");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error()).isEqualTo("IOTDA.000022");
    }

    @Test
    void messagesAreAsTheOwnerLeftThem() {
        assertThat(owner.get("/devices/Meter_1/messages").body().getJsonArray("messages"))
                .hasSize(1);
        assertThat(owner.get("/products/Meter/message-cache").body().getString("source"))
                .isEqualTo("default");
    }

    @Test
    void broadcastOfAnotherProjectIsNotHeard() {
        assertThat(owner.createDevice("Meter", "listener", SECRET).status()).isEqualTo(201);
        try (TestDevice device = TestDevice.connect(gateway.port("mqtt"), "Meter_listener", SECRET)) {
            device.subscribe("$oc/broadcast/#");
            assertThat(broadcast(stranger, "theirs").status()).isEqualTo(201);
            assertThat(broadcast(owner, "ours").status()).isEqualTo(201);

            assertThat(device.nextText()).isEqualTo("ours");
        }
    }

    private static Api.Answer broadcast(Api sender, String text) {
        String base64 = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return sender.post(
                "/broadcast-messages",
                new JsonObject().put("topic_full_name", "$oc/broadcast/x").put("message", base64));
    }

    @Test
    void productOfAnotherProjectCannotBeUsed() {
        assertThat(stranger.createDevice("Meter", "2", SECRET).status()).isEqualTo(404);
    }

    @Test
    void gatewayOfAnotherProjectCannotBeUsed() {
        Api other = gateway.project("other");
        assertThat(other.createProduct("Child").status()).isEqualTo(201);

        Api.Answer answer = other.post(
                "/devices",
                new JsonObject().put("product_id", "Child").put("node_id", "1").put("gateway_id", "Meter_1"));

        assertThat(answer.status()).as(answer.toString()).isBetween(400, 404);
    }

    @Test
    void ownerStillReachesItsDevice() {
        Api.Answer answer = owner.command("Meter_1").join();

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().getJsonObject("response").getInteger("result_code"))
                .isZero();
    }
}
