// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;

/** What an application calls to have events in a queue, and a consumer to log in there. */
public record QueueApi(Api api) {

    /** What consumers log in with. */
    public record Access(String key, String code) {}

    /** Makes a queue and an active rule that fills it. */
    public void fill(String queue, String resource, String event) {
        created("/amqp-queues", new JsonObject().put("queue_name", queue));
        rule(queue, resource, event);
    }

    /** Makes an active rule that fills a queue. */
    public void rule(String queue, String resource, String event) {
        JsonObject rule = created(
                "/routing-rule/rules",
                new JsonObject()
                        .put("rule_name", resource)
                        .put(
                                "subject",
                                new JsonObject().put("resource", resource).put("event", event)));
        String id = rule.getString("rule_id");
        JsonObject detail = new JsonObject().put("amqp_forwarding", new JsonObject().put("queue_name", queue));
        created(
                "/routing-rule/actions",
                new JsonObject()
                        .put("rule_id", id)
                        .put("channel", "AMQP_FORWARDING")
                        .put("channel_detail", detail));
        assertThat(api.put("/routing-rule/rules/" + id, new JsonObject().put("active", true))
                        .status())
                .isEqualTo(200);
    }

    public Access access(boolean disconnectOthers) {
        JsonObject created = created(
                "/auth/accesscode", new JsonObject().put("type", "AMQP").put("force_disconnect", disconnectOthers));
        return new Access(created.getString("access_key"), created.getString("access_code"));
    }

    @CanIgnoreReturnValue
    private JsonObject created(String path, JsonObject body) {
        Api.Answer answer = api.post(path, body);
        assertThat(answer.status()).as("%s %s", path, answer.body()).isEqualTo(201);
        return answer.body();
    }
}
