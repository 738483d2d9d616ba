// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.auth.PasswordHash;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRequest.CreateUser;
import dev.downlink.support.Api;
import dev.downlink.support.Bodies;
import dev.downlink.support.Models;
import dev.downlink.support.OpenApi;
import dev.downlink.support.OpenApi.Operation;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API's description says, against what a running gateway answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {
    private static final String PROJECT = "/v5/iot/p1";
    private static final String DEVICES = PROJECT + "/devices";
    private static final String PRODUCTS = PROJECT + "/products";
    private static final String TAGS = PROJECT + "/tags";
    private static final String GROUPS = PROJECT + "/device-group";
    private static final String APPS = PROJECT + "/apps";
    private static final String FORWARDING = PROJECT + "/routing-rule";
    private static final String RULES = FORWARDING + "/rules";
    private static final String ACTIONS = FORWARDING + "/actions";
    private static final String QUEUES = PROJECT + "/amqp-queues";
    private static final String SECRET = "device-secret";
    private static final int MAX_BODY = 300 * 1024;

    private final OpenApi document = new OpenApi();
    private final Bodies bodies = new Bodies(document);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> seen = new TreeSet<>();
    private TestGateway gateway;
    private Api api;

    @BeforeAll
    void start() {
        gateway = TestGateway.start("HTTP_MAX_BODY", String.valueOf(MAX_BODY));
        api = gateway.project("p1");
        Api other = gateway.project("p2");
        user("alice", new ProjectId(api.project()));
        user("bob", new ProjectId(api.project()), new ProjectId(other.project()));
    }

    private void user(String name, ProjectId... projects) {
        var _ = gateway.gateway()
                .ask(new CreateUser("acme", name, PasswordHash.of(new Secret("right")), List.of(projects)));
    }

    @AfterAll
    void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void everyOperationAnswersAsDescribed() {
        JsonObject space = spaces();
        products(space.getString("app_id"));
        topics();
        devices();
        tagsAndGroups();
        commands();
        properties();
        shadow();
        messages();
        String rule = rules(space.getString("app_id"));
        actions(rule);
        queues(rule);
        policies(rule);
        expect(204, "deleteRule", RULES + '/' + rule, null);
        tokens();
        others();

        assertThat(seen)
                .containsAll(document.operations().stream()
                        .flatMap(operation -> operation.responses().fieldNames().stream()
                                .filter(status -> status.startsWith("2"))
                                .map(status -> operation + " " + status))
                        .toList());
    }

    private JsonObject spaces() {
        JsonObject space = expect(201, "createSpace", APPS, new JsonObject().put("app_name", "north"));
        JsonObject second = expect(201, "createSpace", APPS, new JsonObject().put("app_name", "x".repeat(64)));
        expect(200, "listSpaces", APPS, null);
        expect(200, "listSpaces", APPS + "?default_app=true", null);
        expect(200, "showSpace", APPS + '/' + space.getString("app_id"), null);
        expect(
                200,
                "renameSpace",
                APPS + '/' + space.getString("app_id"),
                new JsonObject().put("app_name", "北_?'#().,&%@!-"));
        expect(200, "renameSpace", APPS + '/' + space.getString("app_id"), null);
        expect(204, "deleteSpace", APPS + '/' + second.getString("app_id"), null);
        return space;
    }

    private void products(String space) {
        JsonObject full =
                (JsonObject) bodies.largest(document.operation("createProduct").body());
        String id = full.put("app_id", space).getString("product_id");
        expect(201, "createProduct", PRODUCTS, full);
        expect(201, "createProduct", PRODUCTS, Models.waterMeter("story"));
        expect(200, "listProducts", PRODUCTS + "?limit=1", null);
        expect(200, "listProducts", PRODUCTS + "?app_id=" + space + "&offset=500&product_name=none", null);
        expect(200, "showProduct", PRODUCTS + '/' + id + "?app_id=" + space, null);
        JsonObject change =
                (JsonObject) bodies.largest(document.operation("updateProduct").body());
        expect(200, "updateProduct", PRODUCTS + '/' + id, change.put("app_id", space));
        expect(204, "deleteProduct", PRODUCTS + '/' + id, null);
    }

    private void topics() {
        String topics = PRODUCTS + "/story/topics";
        expect(
                201,
                "addTopic",
                topics,
                new JsonObject()
                        .put("topic", "down/now")
                        .put("operation", "subscribe")
                        .put("description", "at once"));
        expect(200, "listTopics", topics, null);
        expect(200, "showTopic", topics + "/down/now", null);
        expect(200, "putTopic", topics + "/down/now", new JsonObject().put("operation", "all"));
        expect(204, "deleteTopic", topics + "/down/now", null);
    }

    private void devices() {
        JsonObject full =
                (JsonObject) bodies.largest(document.operation("createDevice").body());
        full.remove("app_id");
        full.remove("gateway_id");
        full.put("product_id", "story");
        full.getJsonArray("shadow").getJsonObject(0).put("service_id", "WaterMeter");
        String id = full.getString("device_id");
        String one = DEVICES + '/' + id;
        expect(201, "createDevice", DEVICES, full);
        expect(201, "createDevice", DEVICES, device("story", "below").put("gateway_id", id));
        expect(200, "listDevices", DEVICES + "?limit=1&product_id=story", null);
        expect(200, "listDevices", DEVICES + "?gateway_id=" + id + "&is_cascade_query=true", null);
        expect(200, "listDevices", DEVICES + "?start_time=20200101T000000Z&end_time=20200102T000000Z", null);
        expect(200, "showDevice", one, null);
        JsonObject change =
                (JsonObject) bodies.largest(document.operation("updateDevice").body());
        expect(200, "updateDevice", one, change);
        expect(200, "resetDeviceSecret", one + "/action?action_id=resetSecret", null);
        expect(
                200,
                "resetDeviceSecret",
                one + "/action?action_id=resetSecret",
                new JsonObject().put("secret_type", "SECONDARY"));
        expect(200, "resetFingerprint", one + "/reset-fingerprint", null);
        expect(
                200,
                "resetFingerprint",
                one + "/reset-fingerprint",
                new JsonObject().put("fingerprint", "A".repeat(40)).put("fingerprint_type", "SECONDARY"));
        expect(204, "freezeDevice", one + "/freeze", null);
        expect(204, "unfreezeDevice", one + "/unfreeze", null);
        expect(204, "changeGateway", DEVICES + "/story_below/change-gateway", new JsonObject().put("gateway_id", id));
        expect(200, "showDevice", one, null);
        expect(204, "deleteDevice", DEVICES + "/story_below", null);
    }

    private void tagsAndGroups() {
        expect(201, "createDevice", DEVICES, device("story", "tagged"));
        JsonObject device = new JsonObject().put("resource_type", "device").put("resource_id", "story_tagged");
        JsonArray tags = new JsonArray()
                .add(new JsonObject().put("tag_key", "street").put("tag_value", "长_Lane"))
                .add(new JsonObject().put("tag_key", "bare"));
        expect(200, "bindTags", TAGS + "/bind-resource", device.copy().put("tags", tags));
        expect(
                200,
                "listTagged",
                TAGS + "/query-resources?limit=1",
                device.copy().put("tags", tags));
        JsonObject group = expect(201, "createGroup", GROUPS, new JsonObject().put("name", "all of them"));
        String one = GROUPS + '/' + group.getString("group_id");
        JsonObject part = new JsonObject().put("name", "part").put("super_group_id", group.getString("group_id"));
        expect(201, "createGroup", GROUPS, part);
        JsonObject rule = new JsonObject()
                .put("name", "by rule")
                .put("group_type", "DYNAMIC")
                .put("dynamic_group_rule", "tag_key = 'street'");
        expect(201, "createGroup", GROUPS, rule);
        expect(200, "updateGroup", one, new JsonObject().put("name", "x").put("description", "y"));
        expect(200, "changeGroupDevices", one + "/action?action_id=addDevice&device_id=story_tagged", null);
        expect(200, "listGroupDevices", one + "/devices", null);
        expect(200, "showGroup", one, null);
        expect(200, "listGroups", GROUPS + "?group_type=STATIC&name=x&last_modified_time=20260101T000000Z", null);
        expect(200, "listGroupsOfDevice", DEVICES + "/story_tagged/list-device-group", null);
        expect(200, "listDevices", DEVICES, null);
        expect(200, "showDevice", DEVICES + "/story_tagged", null);
        for (String what : List.of("*", "count(*)", "device_id, tags, groups")) {
            JsonObject search = new JsonObject().put("sql", "select " + what + " from device limit 0,50");
            expect(200, "searchDevices", PROJECT + "/search/query-devices", search);
        }
        refused(400, "in_use", "deleteGroup", one, null);
        refused(400, "already_exists", "createGroup", GROUPS, part);
        JsonObject reserved = new JsonObject().put("tag_key", "iot_x");
        refused(
                400,
                "reserved_tag",
                "bindTags",
                TAGS + "/bind-resource",
                device.copy().put("tags", new JsonArray().add(reserved)));
        expect(200, "changeGroupDevices", one + "/action?action_id=removeDevice&device_id=story_tagged", null);
        JsonObject keys = device.copy().put("tag_keys", new JsonArray().add("bare"));
        expect(200, "unbindTags", TAGS + "/unbind-resource", keys);
        String below = expect(200, "listGroups", GROUPS + "?name=part", null)
                .getJsonArray("device_groups")
                .getJsonObject(0)
                .getString("group_id");
        expect(204, "deleteGroup", GROUPS + '/' + below, null);
        expect(204, "deleteGroup", one, null);
        expect(204, "deleteDevice", DEVICES + "/story_tagged", null);
    }

    private void commands() {
        expect(201, "createDevice", DEVICES, device("story", "answers"));
        expect(201, "createDevice", DEVICES, device("story", "silent"));
        var _ = gateway.connect("story_answers", SECRET);

        JsonObject answered = expect(200, "sendCommand", DEVICES + "/story_answers/commands", command("ON"));

        assertThat(answered.getJsonObject("response").getString("response_name"))
                .isEqualTo("COMMAND_RESPONSE");
        expect(200, "showDevice", DEVICES + "/story_answers", null);
        try (TestDevice _ = TestDevice.connect(gateway.port("mqtt"), "story_silent", SECRET)) {
            JsonObject timedOut = json(check(
                    200,
                    "sendCommand",
                    signed(
                            "POST",
                            DEVICES + "/story_silent/commands",
                            command("ON").encode(),
                            Map.of("X-Downlink-Timeout", "1"))));
            assertThat(timedOut.getString("error_code")).isEqualTo("IOTDA.014111");
        }
    }

    /** Of the devices that {@link #commands} made. */
    private void properties() {
        String service = "/properties?service_id=WaterMeter";
        expect(200, "setProperties", DEVICES + "/story_answers/properties", interval(15));

        JsonObject told = expect(200, "getProperties", DEVICES + "/story_answers" + service, null);

        assertThat(told.getJsonObject("response").getJsonArray("services")).hasSize(1);
        try (TestDevice _ = TestDevice.connect(gateway.port("mqtt"), "story_silent", SECRET)) {
            Map<String, String> soon = Map.of("X-Downlink-Timeout", "1");
            String set = interval(15).encode();
            check(200, "setProperties", signed("PUT", DEVICES + "/story_silent/properties", set, soon));
            check(200, "getProperties", signed("GET", DEVICES + "/story_silent" + service, "", soon));
        }
    }

    private void shadow() {
        expect(201, "createDevice", DEVICES, device("story", "shadow"));
        String shadow = DEVICES + "/story_shadow/shadow";
        expect(200, "showShadow", shadow, null);
        expect(200, "updateDesired", shadow, desired(15, 0));
        expect(200, "showShadow", shadow, null);
        refused(409, "shadow_changed", "updateDesired", shadow, desired(30, 0));
        refused(400, "model_violation", "updateDesired", shadow, desired(61, 1));
        expect(204, "deleteShadow", shadow + "?service_id=WaterMeter", null);
        expect(204, "deleteShadow", shadow, null);
    }

    private static JsonObject desired(int interval, int version) {
        JsonObject service = new JsonObject()
                .put("service_id", "WaterMeter")
                .put("desired", new JsonObject().put("interval", interval))
                .put("version", version);
        return new JsonObject().put("shadow", new JsonArray().add(service));
    }

    private void messages() {
        String cache = PRODUCTS + "/story/message-cache";
        expect(200, "showMessageCache", cache, null);
        expect(200, "putMessageCache", cache, largest("putMessageCache"));
        expect(204, "deleteMessageCache", cache, null);
        expect(201, "createDevice", DEVICES, device("story", "waits"));
        String all = DEVICES + "/story_waits/messages";
        JsonObject full = largest("createMessage");
        full.remove("topic");
        String one = all + '/' + full.getString("message_id");
        expect(200, "listMessages", all, null);
        expect(201, "createMessage", all, full.put("topic_full_name", "/any"));
        expect(201, "createMessage", all, message("m1").put("ttl", 0));
        expect(200, "listMessages", all, null);
        expect(200, "showMessage", one, null);
        expect(200, "showMessage", one + "?timeline=true", null);
        expect(200, "showMessage", all + "/m1", null);
        expect(200, "showMessage", all + "/none", null);
        refused(400, "already_exists", "createMessage", all, message("m1").put("ttl", 0));
        expect(204, "deleteMessage", one, null);
        expect(201, "createMessage", DEVICES + "/story_answers/messages", message("m1"));
        expect(200, "showMessage", DEVICES + "/story_answers/messages/m1?timeline=true", null);
        expect(
                200,
                "putMessageCache",
                cache,
                new JsonObject().put("max_messages", 1).put("overflow", "refuse"));
        expect(201, "createMessage", all, message("m2"));
        refused(403, "messages_full", "createMessage", all, message("m3"));
        JsonObject broadcast = largest("broadcastMessage");
        broadcast.remove("app_id");
        expect(201, "broadcastMessage", PROJECT + "/broadcast-messages", broadcast);
    }

    private String rules(String space) {
        JsonObject full = largest("createRule").put("app_type", "APP").put("app_id", space);
        String rule = expect(201, "createRule", RULES, full).getString("rule_id");
        expect(201, "createRule", RULES, new JsonObject().put("subject", full.getJsonObject("subject")));
        expect(200, "listRules", RULES, null);
        expect(200, "listRules", RULES + "?resource=device&event=create&rule_name=x&active=true&offset=500", null);
        expect(200, "listRules", RULES + "?app_type=APP&limit=1&app_id=" + space, null);
        expect(200, "showRule", RULES + '/' + rule, null);
        JsonObject change = largest("updateRule");
        change.remove("active");
        expect(200, "updateRule", RULES + '/' + rule, change);
        refused(400, "invalid_field", "updateRule", RULES + '/' + rule, new JsonObject().put("active", true));
        return rule;
    }

    private void actions(String rule) {
        JsonObject full = largest("createAction").put("rule_id", rule);
        String one = ACTIONS + '/' + expect(201, "createAction", ACTIONS, full).getString("action_id");
        for (JsonObject detail : details()) {
            String channel = detail.fieldNames().iterator().next().toUpperCase(Locale.ROOT);
            JsonObject action = new JsonObject()
                    .put("rule_id", rule)
                    .put("channel", channel)
                    .put("channel_detail", detail);
            expect(201, "createAction", ACTIONS, action);
        }
        expect(200, "listActions", ACTIONS + "?rule_id=" + rule, null);
        expect(200, "listActions", ACTIONS + "?channel=OBS_FORWARDING&app_type=GLOBAL&limit=1", null);
        expect(200, "showAction", one, null);
        expect(200, "updateAction", one, largest("updateAction"));
        expect(200, "updateAction", one, new JsonObject());
        expect(200, "testAction", one + "/test", null);
        expect(200, "listDeadLetters", one + "/dead-letters?limit=1", null);
        expect(200, "replayDeadLetters", one + "/dead-letters/replay", largest("replayDeadLetters"));
        expect(200, "replayDeadLetters", one + "/dead-letters/replay", null);
        expect(200, "deleteDeadLetters", one + "/dead-letters?ids=1,2", null);
        refused(400, "unreachable", "updateRule", RULES + '/' + rule, new JsonObject().put("active", true));
        expect(204, "deleteAction", one, null);
    }

    private List<JsonObject> details() {
        JsonObject properties = document.find("#/components/schemas/ChannelDetail/properties");
        JsonObject kafka = (JsonObject) bodies.largest(properties.getJsonObject("dms_kafka_forwarding"));
        JsonObject open = (JsonObject) bodies.largest(properties.getJsonObject("mrs_kafka_forwarding"));
        JsonObject storage = (JsonObject) bodies.largest(properties.getJsonObject("obs_forwarding"));
        return List.of(
                new JsonObject().put("dms_kafka_forwarding", kafka),
                new JsonObject().put("mrs_kafka_forwarding", open),
                new JsonObject().put("obs_forwarding", storage));
    }

    private void queues(String rule) {
        JsonObject queue = largest("createQueue");
        String one = QUEUES + '/' + expect(201, "createQueue", QUEUES, queue).getString("queue_id");
        refused(400, "already_exists", "createQueue", QUEUES, queue);
        expect(200, "listQueues", QUEUES + "?queue_name=11&limit=1", null);
        expect(200, "showQueue", one, null);
        expect(200, "showQueue", QUEUES + "/nothing", null);
        JsonObject action = new JsonObject()
                .put("rule_id", rule)
                .put("channel", "AMQP_FORWARDING")
                .put("channel_detail", new JsonObject().put("amqp_forwarding", queue));
        String filling = expect(201, "createAction", ACTIONS, action).getString("action_id");
        expect(200, "showAction", ACTIONS + '/' + filling, null);
        refused(400, "in_use", "deleteQueue", one, null);
        expect(204, "deleteAction", ACTIONS + '/' + filling, null);
        expect(204, "deleteQueue", one, null);
        expect(201, "createAccessCode", PROJECT + "/auth/accesscode", null);
        expect(201, "createAccessCode", PROJECT + "/auth/accesscode", largest("createAccessCode"));
    }

    private void policies(String rule) {
        String backlogs = FORWARDING + "/backlog-policy";
        String backlog = backlogs
                + '/'
                + expect(201, "createBacklogPolicy", backlogs, largest("createBacklogPolicy"))
                        .getString("policy_id");
        expect(200, "listBacklogPolicies", backlogs + "?policy_name=x", null);
        expect(200, "listBacklogPolicies", backlogs, null);
        expect(200, "showBacklogPolicy", backlog, null);
        expect(200, "updateBacklogPolicy", backlog, largest("updateBacklogPolicy"));
        expect(204, "deleteBacklogPolicy", backlog, null);
        String flows = FORWARDING + "/flowcontrol-policy";
        JsonObject full = largest("createFlowPolicy").put("scope_value", rule);
        String flow = flows + '/' + expect(201, "createFlowPolicy", flows, full).getString("policy_id");
        expect(200, "listFlowPolicies", flows + "?scope=RULE&scope_value=" + rule, null);
        expect(200, "showFlowPolicy", flow, null);
        expect(200, "updateFlowPolicy", flow, largest("updateFlowPolicy"));
        expect(204, "deleteFlowPolicy", flow, null);
    }

    private JsonObject largest(String id) {
        return (JsonObject) bodies.largest(document.operation(id).body());
    }

    private static JsonObject message(String id) {
        return new JsonObject().put("message_id", id).put("message", "hello");
    }

    private void tokens() {
        String token = check(201, "createToken", open("POST", "/v3/auth/tokens", login("alice", "right")))
                .headers()
                .firstValue("X-Subject-Token")
                .orElseThrow();
        check(200, "listProjects", send("GET", "/v3/projects", "", Map.of("X-Auth-Token", token)));
        JsonObject ofTwo = json(check(201, "createToken", open("POST", "/v3/auth/tokens", login("bob", "right"))));
        assertThat(ofTwo.getJsonObject("token").fieldNames()).doesNotContain("project");
        check(200, "listProjects", signed("GET", "/v3/projects?name=p1", "", Map.of()));
    }

    private void others() {
        check(200, "live", open("GET", "/health/live", ""));
        check(200, "ready", open("GET", "/health/ready", ""));
        check(200, "showOpenApi", open("GET", "/openapi.yaml", ""));
        check(200, "showDocs", open("GET", "/docs", ""));
    }

    @Test
    void whatDoesNotExistIsRefusedAsDescribed() {
        refused(404, "device_not_found", "showDevice", DEVICES + "/nobody", null);
        refused(404, "device_not_found", "deleteDevice", DEVICES + "/nobody", null);
        refused(404, "device_not_found", "freezeDevice", DEVICES + "/nobody/freeze", null);
        refused(404, "device_not_found", "unfreezeDevice", DEVICES + "/nobody/unfreeze", null);
        refused(404, "device_not_found", "updateDevice", DEVICES + "/nobody", new JsonObject());
        refused(404, "device_not_found", "sendCommand", DEVICES + "/nobody/commands", command("ON"));
        refused(404, "device_not_found", "setProperties", DEVICES + "/nobody/properties", interval(15));
        refused(404, "device_not_found", "getProperties", DEVICES + "/nobody/properties?service_id=WaterMeter", null);
        refused(
                404,
                "device_not_found",
                "resetDeviceSecret",
                DEVICES + "/nobody/action?action_id=resetSecret",
                new JsonObject());
        refused(404, "device_not_found", "resetFingerprint", DEVICES + "/nobody/reset-fingerprint", new JsonObject());
        refused(404, "device_not_found", "createMessage", DEVICES + "/nobody/messages", message("m1"));
        refused(404, "device_not_found", "listMessages", DEVICES + "/nobody/messages", null);
        refused(404, "device_not_found", "showMessage", DEVICES + "/nobody/messages/m1", null);
        refused(404, "device_not_found", "deleteMessage", DEVICES + "/nobody/messages/m1", null);
        refused(404, "device_not_found", "showShadow", DEVICES + "/nobody/shadow", null);
        refused(404, "device_not_found", "updateDesired", DEVICES + "/nobody/shadow", desired(15, 0));
        refused(404, "device_not_found", "deleteShadow", DEVICES + "/nobody/shadow", null);
        refused(404, "product_not_found", "showMessageCache", PRODUCTS + "/nothing/message-cache", null);
        refused(404, "product_not_found", "createDevice", DEVICES, device("nothing", "n1"));
        refused(404, "product_not_found", "showProduct", PRODUCTS + "/nothing", null);
        refused(404, "product_not_found", "updateProduct", PRODUCTS + "/nothing", new JsonObject());
        refused(404, "product_not_found", "deleteProduct", PRODUCTS + "/nothing", null);
        refused(404, "product_not_found", "listTopics", PRODUCTS + "/nothing/topics", null);
        refused(404, "not_found", "showGroup", GROUPS + "/nothing", null);
        refused(404, "not_found", "updateGroup", GROUPS + "/nothing", new JsonObject());
        refused(404, "not_found", "deleteGroup", GROUPS + "/nothing", null);
        refused(404, "not_found", "listGroupDevices", GROUPS + "/nothing/devices", null);
        refused(404, "device_not_found", "listGroupsOfDevice", DEVICES + "/nobody/list-device-group", null);
        for (String id : List.of("showRule", "updateRule", "deleteRule")) {
            refused(404, "not_found", id, RULES + "/nothing", id.equals("updateRule") ? new JsonObject() : null);
        }
        for (String id : List.of("showAction", "updateAction", "deleteAction")) {
            refused(404, "not_found", id, ACTIONS + "/nothing", id.equals("updateAction") ? new JsonObject() : null);
        }
        refused(404, "not_found", "testAction", ACTIONS + "/nothing/test", null);
        refused(404, "not_found", "listDeadLetters", ACTIONS + "/nothing/dead-letters", null);
        refused(404, "not_found", "deleteDeadLetters", ACTIONS + "/nothing/dead-letters", null);
        refused(404, "not_found", "replayDeadLetters", ACTIONS + "/nothing/dead-letters/replay", null);
        refused(404, "not_found", "showBacklogPolicy", FORWARDING + "/backlog-policy/nothing", null);
        refused(404, "not_found", "deleteFlowPolicy", FORWARDING + "/flowcontrol-policy/nothing", null);
        refused(404, "not_found", "deleteQueue", QUEUES + "/nothing", null);
        refused(403, "space_not_found", "listRules", RULES + "?app_id=nowhere", null);
        refused(403, "space_not_found", "listActions", ACTIONS + "?app_id=nowhere", null);
        refused(403, "space_not_found", "listGroups", GROUPS + "?app_id=nowhere", null);
        refused(403, "space_not_found", "showSpace", APPS + "/nowhere", null);
        refused(403, "space_not_found", "renameSpace", APPS + "/nowhere", new JsonObject().put("app_name", "x"));
        refused(403, "space_not_found", "deleteSpace", APPS + "/nowhere", null);
        refused(403, "space_not_found", "listProducts", PRODUCTS + "?app_id=nowhere", null);
        refused(403, "space_not_found", "listDevices", DEVICES + "?app_id=nowhere", null);
        expect(201, "createProduct", PRODUCTS, Models.waterMeter("bare"));
        refused(404, "not_found", "showTopic", PRODUCTS + "/bare/topics/a/b", null);
        refused(404, "not_found", "deleteTopic", PRODUCTS + "/bare/topics/a/b", null);
    }

    @Test
    void whatCannotBeIsRefusedAsDescribed() {
        expect(201, "createProduct", PRODUCTS, Models.waterMeter("held"));
        expect(201, "createDevice", DEVICES, device("held", "above"));
        expect(201, "createDevice", DEVICES, device("held", "below").put("gateway_id", "held_above"));
        refused(400, "already_exists", "createProduct", PRODUCTS, Models.waterMeter("held"));
        refused(400, "device_exists", "createDevice", DEVICES, device("held", "above"));
        refused(400, "in_use", "deleteProduct", PRODUCTS + "/held", null);
        refused(400, "in_use", "deleteDevice", DEVICES + "/held_above", null);
        refused(403, "device_is_sub_device", "freezeDevice", DEVICES + "/held_below/freeze", null);
        refused(403, "not_frozen", "unfreezeDevice", DEVICES + "/held_above/unfreeze", null);
        refused(403, "device_never_connected", "sendCommand", DEVICES + "/held_above/commands", command("ON"));
        refused(400, "gateway_offline", "sendCommand", DEVICES + "/held_below/commands", command("ON"));
        refused(400, "model_violation", "sendCommand", DEVICES + "/held_above/commands", command("PERHAPS"));
        refused(400, "model_violation", "setProperties", DEVICES + "/held_above/properties", interval(0));
        refused(400, "model_violation", "getProperties", DEVICES + "/held_above/properties?service_id=x", null);
        expect(204, "freezeDevice", DEVICES + "/held_above/freeze", null);
        refused(403, "already_frozen", "freezeDevice", DEVICES + "/held_above/freeze", null);
        refused(403, "device_frozen", "sendCommand", DEVICES + "/held_above/commands", command("ON"));
        String byDefault = expect(200, "listSpaces", APPS + "?default_app=true", null)
                .getJsonArray("applications")
                .getJsonObject(0)
                .getString("app_id");
        refused(403, "forbidden", "deleteSpace", APPS + '/' + byDefault, null);
        check(401, "createToken", open("POST", "/v3/auth/tokens", login("alice", "wrong")));
    }

    @Test
    void parametersBeyondTheirLimitsAreRefused() {
        for (String list : List.of(PRODUCTS, DEVICES, RULES)) {
            String id = list.equals(PRODUCTS) ? "listProducts" : list.equals(DEVICES) ? "listDevices" : "listRules";
            refused(400, "bad_limit", id, list + "?limit=51", null);
            refused(400, "bad_limit", id, list + "?limit=0", null);
            refused(400, "bad_marker", id, list + "?marker=fff", null);
            refused(400, "invalid_field", id, list + "?offset=501", null);
            refused(400, "invalid_field", id, list + "?app_id=" + "1".repeat(37), null);
        }
        refused(400, "invalid_field", "listRules", RULES + "?active=yes", null);
        refused(400, "invalid_field", "listActions", ACTIONS + "?channel=DIS_FORWARDING", null);
        refused(400, "invalid_field", "listActions", ACTIONS + "?app_type=SPACE", null);
        refused(400, "invalid_field", "listFlowPolicies", FORWARDING + "/flowcontrol-policy?scope=ALL", null);
        refused(400, "invalid_field", "deleteDeadLetters", ACTIONS + "/x/dead-letters?ids=x", null);
        refused(400, "invalid_field", "listGroups", GROUPS + "?group_type=other", null);
        refused(400, "bad_time", "listGroups", GROUPS + "?last_modified_time=now", null);
        refused(400, "invalid_field", "changeGroupDevices", GROUPS + "/x/action?action_id=other&device_id=x", null);
        refused(400, "invalid_field", "changeGroupDevices", GROUPS + "/x/action?action_id=addDevice", null);
        JsonObject search = new JsonObject().put("sql", "select * from device where nothing = '1'");
        refused(400, "invalid_field", "searchDevices", PROJECT + "/search/query-devices", search);
        refused(400, "bad_time", "listDevices", DEVICES + "?start_time=2026-01-01", null);
        refused(400, "invalid_field", "listDevices", DEVICES + "?is_cascade_query=yes", null);
        refused(400, "invalid_field", "listSpaces", APPS + "?default_app=yes", null);
        refused(400, "invalid_field", "showDevice", DEVICES + '/' + "1".repeat(129), null);
        refused(400, "invalid_field", "showProduct", PRODUCTS + '/' + "1".repeat(37), null);
        refused(400, "invalid_field", "showSpace", APPS + '/' + "1".repeat(37), null);
        refused(400, "invalid_field", "resetDeviceSecret", DEVICES + "/x/action?action_id=other", null);
        refused(400, "invalid_field", "showMessage", DEVICES + "/x/messages/" + "1".repeat(129), null);
        refused(400, "invalid_field", "showMessage", DEVICES + "/x/messages/m1?timeline=yes", null);
        refused(400, "invalid_field", "getProperties", DEVICES + "/x/properties", null);
        refused(400, "invalid_field", "getProperties", DEVICES + "/x/properties?service_id=" + "1".repeat(65), null);
        refused(400, "invalid_field", "deleteShadow", DEVICES + "/x/shadow?service_id=" + "1".repeat(65), null);
        for (String seconds : List.of("0", "61", "soon")) {
            HttpResponse<String> answer = check(
                    400,
                    "sendCommand",
                    signed(
                            "POST",
                            DEVICES + "/x/commands",
                            command("ON").encode(),
                            Map.of("X-Downlink-Timeout", seconds)));
            assertThat(answer.body()).contains("X-Downlink-Timeout");
        }
    }

    @Test
    void bodiesBeyondTheirLimitsAreRefused() {
        JsonObject large = new JsonObject().put("value", "x".repeat(256 * 1024));
        refused(400, "invalid_field", "sendCommand", DEVICES + "/x/commands", new JsonObject().put("paras", large));
        refused(
                400,
                "invalid_field",
                "createMessage",
                DEVICES + "/x/messages",
                message("m1").put("message", "x".repeat(256 * 1024 + 1)));
        refused(
                400,
                "invalid_field",
                "createDevice",
                DEVICES,
                device("x", "x").put("extension_info", new JsonObject().put("x", "x".repeat(1024))));
        refused(413, "too_large", "createSpace", APPS, new JsonObject().put("app_name", "x".repeat(MAX_BODY)));
    }

    Stream<Operation> takingBodies() {
        return document.operations().stream().filter(operation -> operation.body() != null);
    }

    @ParameterizedTest
    @MethodSource("takingBodies")
    void everyRuleOfABodyHolds(Operation operation) {
        List<String> taken = new ArrayList<>();
        for (Bodies.Wrong wrong : bodies.wrong(operation.body())) {
            HttpResponse<String> answer = tried(operation, wrong.body().encode());
            String name = wrong.field().substring(wrong.field().lastIndexOf('.') + 1);
            if (answer.statusCode() != 400 || !answer.body().contains(name)) {
                taken.add(wrong + ": " + answer.statusCode() + " " + answer.body());
            }
            assertThat(document.complaints(operation, answer))
                    .as(wrong.toString())
                    .isEmpty();
        }

        assertThat(taken).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("takingBodies")
    void bodiesAtTheirLimitsAreTaken(Operation operation) {
        HttpResponse<String> answer =
                tried(operation, bodies.largest(operation.body()).toString());

        assertThat(json(answer).getString("reason")).isNotIn("invalid_field", "unreadable", "too_large");
    }

    @ParameterizedTest
    @MethodSource("takingBodies")
    void whatIsNoJsonIsRefused(Operation operation) {
        HttpResponse<String> answer = check(400, operation.id(), tried(operation, "{"));

        assertThat(json(answer).getString("reason")).isEqualTo("unreadable");
    }

    Stream<Operation> guarded() {
        return document.operations().stream().filter(operation -> !operation.isOpen());
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void nobodyIsRefused(Operation operation) {
        check(401, operation.id(), open(operation.method(), path(operation), ""));
        check(403, operation.id(), send(operation.method(), path(operation), "", Map.of("X-Auth-Token", "garbage")));
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void otherProjectsAreRefused(Operation operation) {
        String path = path(operation).replace(PROJECT, "/v5/iot/p2");
        if (!path.equals(path(operation))) {
            refused(403, "forbidden", operation.id(), path, null);
        }
    }

    @Test
    void otherMethodsAndPathsAreRefusedAsDescribed() {
        JsonObject notAllowed = document.find("#/components/responses/MethodNotAllowed");
        for (Operation operation : document.operations()) {
            HttpResponse<String> answer = open("PATCH", path(operation), "");

            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(document.complaints(notAllowed, answer)).isEmpty();
        }
        HttpResponse<String> answer = open("GET", "/nowhere", "");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(document.complaints(document.find("#/components/responses/NotFound"), answer))
                .isEmpty();
    }

    private HttpResponse<String> tried(Operation operation, String body) {
        return operation.isOpen()
                ? open(operation.method(), path(operation), body)
                : signed(operation.method(), path(operation), body, Map.of());
    }

    /** Of things that are not there. */
    private static String path(Operation operation) {
        String path = operation.path().replace("{project_id}", "p1").replaceAll("\\{[a-z_]+}", "nobody");
        return operation.id().equals("resetDeviceSecret") ? path + "?action_id=resetSecret" : path;
    }

    private void refused(int status, String reason, String id, String path, JsonObject body) {
        JsonObject answer = expect(status, id, path, body);
        assertThat(answer.getString("reason")).as(id + " " + path).isEqualTo(reason);
    }

    @CanIgnoreReturnValue
    private JsonObject expect(int status, String id, String path, JsonObject body) {
        String method = document.operation(id).method();
        return json(check(status, id, signed(method, path, body == null ? "" : body.encode(), Map.of())));
    }

    @CanIgnoreReturnValue
    private HttpResponse<String> check(int status, String id, HttpResponse<String> answer) {
        Operation operation = document.operation(id);
        assertThat(answer.statusCode()).as(id + " " + answer.body()).isEqualTo(status);
        assertThat(operation.takes(answer.request().uri().getRawPath()))
                .as(answer.request() + " is " + operation.path())
                .isTrue();
        assertThat(document.complaints(operation, answer))
                .as(id + " " + status + " " + answer.body())
                .isEmpty();
        seen.add(id + " " + status);
        return answer;
    }

    private HttpResponse<String> signed(String method, String path, String body, Map<String, String> extra) {
        Map<String, String> headers =
                api.signer().plain(method, URI.create(gateway.http() + path), body, Instant.now(), extra);
        return send(method, path, body, headers);
    }

    private HttpResponse<String> open(String method, String path, String body) {
        return send(method, path, body, Map.of());
    }

    private HttpResponse<String> send(String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.http() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return answer.body().startsWith("{") ? new JsonObject(answer.body()) : new JsonObject();
    }

    private static JsonObject device(String product, String node) {
        return new JsonObject()
                .put("product_id", product)
                .put("node_id", node)
                .put("auth_info", new JsonObject().put("secret", SECRET));
    }

    private static JsonObject command(String value) {
        return new JsonObject()
                .put("service_id", "WaterMeter")
                .put("command_name", "ON_OFF")
                .put("paras", new JsonObject().put("value", value));
    }

    private static JsonObject interval(int value) {
        JsonObject service = new JsonObject()
                .put("service_id", "WaterMeter")
                .put("properties", new JsonObject().put("interval", value));
        return new JsonObject().put("services", new JsonArray().add(service));
    }

    private static String login(String user, String password) {
        JsonObject who = new JsonObject()
                .put("name", user)
                .put("password", password)
                .put("domain", new JsonObject().put("name", "acme"));
        JsonObject identity = new JsonObject()
                .put("methods", new JsonArray().add("password"))
                .put("password", new JsonObject().put("user", who));
        return new JsonObject()
                .put("auth", new JsonObject().put("identity", identity))
                .encode();
    }
}
