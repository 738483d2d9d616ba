// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rules, actions, queues, access codes and policies through the SDK (northbound §6). */
@ExtendWith(Stage.Entrance.class)
class RulesIT {
    private static final String NOBODY = "http://127.0.0.1:1/events";

    private final Stage stage;

    RulesIT(Stage stage) {
        this.stage = stage;
    }

    @CanIgnoreReturnValue
    private JsonObject body(String operation, int status, JsonObject request) {
        return stage.call(operation, request).body(status);
    }

    private static JsonObject in(JsonObject body) {
        return JsonObject.of("body", body);
    }

    @CanIgnoreReturnValue
    private String rule(String name, String resource, String event) {
        JsonObject subject = JsonObject.of("resource", resource, "event", event);
        return body("createRoutingRule", 201, in(JsonObject.of("rule_name", name, "subject", subject)))
                .getString("rule_id");
    }

    @CanIgnoreReturnValue
    private String action(String rule, String channel, String member, JsonObject detail) {
        return body(
                        "createRuleAction",
                        201,
                        in(actionOf(channel, member, detail).put("rule_id", rule)))
                .getString("action_id");
    }

    private static JsonObject actionOf(String channel, String member, JsonObject detail) {
        return JsonObject.of("channel", channel, "channel_detail", JsonObject.of(member, detail));
    }

    private String http(String rule, String url) {
        return action(rule, "HTTP_FORWARDING", "http_forwarding", JsonObject.of("url", url));
    }

    private static List<String> names(JsonObject list, String field, String name) {
        return list.getJsonArray(field).stream()
                .map(item -> ((JsonObject) item).getString(name))
                .toList();
    }

    @Test
    void aRuleLives() {
        JsonObject subject = JsonObject.of("resource", "device.message.status", "event", "update");
        JsonObject app = JsonObject.of("app_name", "ruled");
        String space = body("addApplication", 201, in(app)).getString("app_id");
        JsonObject made = body(
                "createRoutingRule",
                201,
                in(JsonObject.of("rule_name", "life", "description", "of a rule", "subject", subject)
                        .put("app_type", "APP")
                        .put("app_id", space)
                        .put("select", "*")
                        .put("where", "notify_data.body.status = 'DELIVERED'")));
        JsonObject id = JsonObject.of("rule_id", made.getString("rule_id"));

        JsonObject shown = body("showRoutingRule", 200, id);
        JsonObject changed = body(
                "updateRoutingRule",
                200,
                id.copy().put("body", JsonObject.of("rule_name", "later", "select", "", "where", "")));

        assertThat(shown).isEqualTo(made);
        assertThat(made.getMap())
                .containsEntry("rule_name", "life")
                .containsEntry("description", "of a rule")
                .containsEntry("app_type", "APP")
                .containsEntry("app_id", space)
                .containsEntry("select", "*")
                .containsEntry("where", "notify_data.body.status = 'DELIVERED'")
                .containsEntry("active", false);
        assertThat(made.getJsonObject("subject")).isEqualTo(subject);
        assertThat(changed.getMap())
                .containsEntry("rule_name", "later")
                .containsEntry("description", "of a rule")
                .doesNotContainKeys("select", "where");
        stage.call("deleteRoutingRule", id).succeeded(204);
        stage.call("showRoutingRule", id).failedWith(404, "IOTDA.900001");
    }

    @Test
    void aRuleIsMadeActiveWhenItsActionsLeadSomewhere() {
        String rule = rule("active", "device.status", "update");
        JsonObject start = JsonObject.of("rule_id", rule, "body", JsonObject.of("active", true));
        stage.call("updateRoutingRule", start).failedWith(400, "IOTDA.000006");
        String nowhere = http(rule, NOBODY);
        stage.call("updateRoutingRule", start).failedWith(400, "IOTDA.900006");
        stage.call("deleteRuleAction", JsonObject.of("action_id", nowhere)).succeeded(204);
        body("addQueue", 201, in(JsonObject.of("queue_name", "of-the-active-rule")));
        action(rule, "AMQP_FORWARDING", "amqp_forwarding", JsonObject.of("queue_name", "of-the-active-rule"));

        JsonObject active = body("updateRoutingRule", 200, start);

        assertThat(active.getBoolean("active")).isTrue();
        JsonObject listed = body("listRoutingRules", 200, JsonObject.of("active", true, "rule_name", "active"));
        assertThat(names(listed, "rules", "rule_id")).containsExactly(rule);
        stage.call("deleteRoutingRule", JsonObject.of("rule_id", rule)).succeeded(204);
    }

    @Test
    void wrongRulesAreRefused() {
        JsonObject subject = JsonObject.of("resource", "device.status", "event", "report");
        stage.call("createRoutingRule", in(JsonObject.of("subject", subject))).failedWith(400, "IOTDA.000006");
        subject.put("event", "update");
        stage.call("createRoutingRule", in(JsonObject.of("subject", subject, "where", "drop table rule")))
                .failedWith(400, "IOTDA.000006");
        stage.call("createRoutingRule", in(JsonObject.of("subject", subject, "app_type", "APP", "app_id", "nowhere")))
                .failedWith(403, "IOTDA.001000");
    }

    @Test
    void rulesAreReadPageByPageAsTerraformDoes() {
        for (int i = 0; i < 5; i++) {
            rule("paged", "product", "update");
        }
        JsonObject request = JsonObject.of("resource", "product", "event", "update", "rule_name", "paged", "limit", 2);
        List<String> read = new ArrayList<>();
        JsonObject page = body("listRoutingRules", 200, request);

        while (!page.getJsonArray("rules").isEmpty()) {
            assertThat(page.getInteger("count")).isEqualTo(5);
            read.addAll(names(page, "rules", "rule_id"));
            page = body("listRoutingRules", 200, request.put("offset", read.size()));
        }

        assertThat(read).hasSize(5).doesNotHaveDuplicates();
        assertThat(page.containsKey("marker")).isFalse();
        read.forEach(rule ->
                stage.call("deleteRoutingRule", JsonObject.of("rule_id", rule)).succeeded(204));
    }

    @Test
    void actionsAreReadFromMarkerToMarkerAsTerraformDoes() {
        String rule = rule("acting", "device", "create");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(http(rule, NOBODY + i));
        }
        JsonObject request = JsonObject.of("rule_id", rule, "limit", 2);
        List<String> read = new ArrayList<>();
        JsonObject page = body("listRuleActions", 200, request);

        while (page.getString("marker") != null) {
            assertThat(page.getInteger("count")).isEqualTo(5);
            read.addAll(names(page, "actions", "action_id"));
            page = body("listRuleActions", 200, request.put("marker", page.getString("marker")));
        }

        assertThat(read).isEqualTo(made);
        JsonObject filtered = body(
                "listRuleActions",
                200,
                JsonObject.of("rule_id", rule, "channel", "OBS_FORWARDING", "app_type", "GLOBAL"));
        assertThat(filtered.getJsonArray("actions")).isEmpty();
        stage.call("deleteRoutingRule", JsonObject.of("rule_id", rule)).succeeded(204);
    }

    @Test
    void everyChannelThatThereIsIsTakenAndItsSecretNotGivenBack() {
        String rule = rule("channels", "batchtask", "update");
        JsonArray addresses = JsonArray.of(
                JsonObject.of("ip", "127.0.0.1", "port", 1), JsonObject.of("domain", "kafka.invalid", "port", 9093));
        JsonObject place = JsonObject.of("region_name", "north", "project_id", "p");
        JsonObject http = JsonObject.of("url", NOBODY, "signature_enable", true, "sni_enable", true)
                .put("cn_name", "app.invalid");
        JsonObject dms = place.copy()
                .put("addresses", addresses)
                .put("topic", "events")
                .put("username", "user")
                .put("mechanism", "SCRAM-SHA-512")
                .put("security_protocol", "SASL_PLAINTEXT");
        JsonObject mrs = JsonObject.of("addresses", addresses, "topic", "events", "kerberos_authentication", false);
        JsonObject obs = place.copy()
                .put("bucket_name", "my-bucket")
                .put("location", "north-1")
                .put("file_path", "{YYYY}/{MM}/{deviceId}");

        taken(rule, "HTTP_FORWARDING", "http_forwarding", http, "token", "Token1");
        taken(rule, "DMS_KAFKA_FORWARDING", "dms_kafka_forwarding", dms, "password", "pass-word");
        taken(rule, "MRS_KAFKA_FORWARDING", "mrs_kafka_forwarding", mrs, null, null);
        taken(rule, "OBS_FORWARDING", "obs_forwarding", obs, null, null);
        for (String absent : List.of("DIS", "ROMA", "FUNCTIONGRAPH")) {
            JsonObject action =
                    actionOf(absent + "_FORWARDING", "http_forwarding", http).put("rule_id", rule);
            stage.call("createRuleAction", in(action)).failedWith(400, "IOTDA.000006");
        }
        stage.call("deleteRoutingRule", JsonObject.of("rule_id", rule)).succeeded(204);
    }

    private void taken(String rule, String channel, String member, JsonObject detail, String secret, String value) {
        JsonObject sent = detail.copy();
        if (secret != null) {
            sent.put(secret, value);
        }
        String id = action(rule, channel, member, sent);

        JsonObject shown = body("showRuleAction", 200, JsonObject.of("action_id", id));

        assertThat(shown.getString("channel")).isEqualTo(channel);
        assertThat(shown.getString("rule_id")).isEqualTo(rule);
        assertThat(shown.getJsonObject("channel_detail").getJsonObject(member)).isEqualTo(detail);
    }

    @Test
    void anActionIsChanged() {
        String rule = rule("changing", "product", "create");
        JsonObject id = JsonObject.of("action_id", http(rule, NOBODY));
        JsonObject elsewhere = actionOf("HTTP_FORWARDING", "http_forwarding", JsonObject.of("url", NOBODY + "/new"));

        JsonObject changed = body("updateRuleAction", 200, id.copy().put("body", elsewhere));

        assertThat(changed.getJsonObject("channel_detail")
                        .getJsonObject("http_forwarding")
                        .getString("url"))
                .isEqualTo(NOBODY + "/new");
        assertThat(body("showRuleAction", 200, id)).isEqualTo(changed);
        stage.call("deleteRuleAction", id).succeeded(204);
        stage.call("showRuleAction", id).failedWith(404, "IOTDA.900001");
        stage.call("deleteRoutingRule", JsonObject.of("rule_id", rule)).succeeded(204);
    }

    @Test
    void aQueueLives() {
        JsonObject queue = body("addQueue", 201, in(JsonObject.of("queue_name", "status:of.all-1")));
        JsonObject id = JsonObject.of("queue_id", queue.getString("queue_id"));

        JsonObject shown = body("showQueue", 200, id);
        JsonObject listed = body("batchShowQueue", 200, JsonObject.of("queue_name", "of.all", "limit", 5));

        assertThat(shown).isEqualTo(queue);
        assertThat(queue.getString("create_time")).matches("\\d{8}T\\d{6}Z");
        assertThat(names(listed, "queues", "queue_id")).containsExactly(queue.getString("queue_id"));
        assertThat(listed.getJsonObject("page").getInteger("count")).isEqualTo(1);
        stage.call("addQueue", in(JsonObject.of("queue_name", "status:of.all-1")))
                .failedWith(400, "IOTDA.900002");
        stage.call("deleteQueue", id).succeeded(204);
        assertThat(body("showQueue", 200, id).getString("queue_id")).isNull();
        stage.call("deleteQueue", id).failedWith(404, "IOTDA.900001");
    }

    @Test
    void aQueueThatIsFilledStays() {
        JsonObject queue = body("addQueue", 201, in(JsonObject.of("queue_name", "filled-queue")));
        String rule = rule("filling", "device", "delete");
        action(rule, "AMQP_FORWARDING", "amqp_forwarding", JsonObject.of("queue_name", "filled-queue"));
        JsonObject id = JsonObject.of("queue_id", queue.getString("queue_id"));

        stage.call("deleteQueue", id).failedWith(400, "IOTDA.900004");

        stage.call("deleteRoutingRule", JsonObject.of("rule_id", rule)).succeeded(204);
        stage.call("deleteQueue", id).succeeded(204);
    }

    @Test
    void accessCodesAreMade() {
        JsonObject amqp = body("createAccessCode", 201, in(JsonObject.of("type", "AMQP", "force_disconnect", true)));
        JsonObject mqtt = body("createAccessCode", 201, in(JsonObject.of("type", "MQTT")));

        assertThat(amqp.getString("access_key")).hasSize(8).isNotEqualTo(mqtt.getString("access_key"));
        assertThat(amqp.getString("access_code")).hasSize(32).isNotEqualTo(mqtt.getString("access_code"));
    }

    @Test
    void aBacklogPolicyLives() {
        JsonObject made = body(
                "createRoutingBacklogPolicy",
                201,
                in(JsonObject.of("policy_name", "small", "description", "an hour", "backlog_time", 3600)));
        JsonObject id = JsonObject.of("policy_id", made.getString("policy_id"));

        JsonObject changed =
                body("updateRoutingBacklogPolicy", 200, id.copy().put("body", JsonObject.of("backlog_size", 1000)));

        assertThat(made.getInteger("backlog_size")).isEqualTo(1_073_741_823);
        assertThat(changed).isEqualTo(made.copy().put("backlog_size", 1000));
        assertThat(body("showRoutingBacklogPolicy", 200, id)).isEqualTo(changed);
        JsonObject listed = body("listRoutingBacklogPolicy", 200, JsonObject.of("policy_name", "small"));
        assertThat(listed.getJsonArray("backlog_policies")).containsExactly(changed);
        assertThat(listed.getInteger("count")).isEqualTo(1);
        assertThat(listed.getString("marker")).hasSize(24);
        stage.call("deleteRoutingBacklogPolicy", id).succeeded(204);
        stage.call("showRoutingBacklogPolicy", id).failedWith(404, "IOTDA.900001");
    }

    @Test
    void aFlowControlPolicyLives() {
        JsonObject made = body(
                "createRoutingFlowControlPolicy",
                201,
                in(JsonObject.of("policy_name", "slow", "scope", "CHANNEL", "scope_value", "OBS_FORWARDING")
                        .put("limit", 5)));
        JsonObject id = JsonObject.of("policy_id", made.getString("policy_id"));

        JsonObject changed =
                body("updateRoutingFlowControlPolicy", 200, id.copy().put("body", JsonObject.of("limit", 500)));

        assertThat(changed).isEqualTo(made.copy().put("limit", 500));
        assertThat(body("showRoutingFlowControlPolicy", 200, id)).isEqualTo(changed);
        JsonObject listed = body(
                "listRoutingFlowControlPolicy",
                200,
                JsonObject.of("scope", "CHANNEL", "scope_value", "OBS_FORWARDING", "policy_name", "slow"));
        assertThat(listed.getJsonArray("flowcontrol_policies")).containsExactly(changed);
        stage.call("createRoutingFlowControlPolicy", in(JsonObject.of("scope", "RULE", "scope_value", "nothing")))
                .failedWith(404, "IOTDA.900001");
        stage.call("deleteRoutingFlowControlPolicy", id).succeeded(204);
        stage.call("showRoutingFlowControlPolicy", id).failedWith(404, "IOTDA.900001");
    }
}
