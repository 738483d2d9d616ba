// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;

/** What an application calls to have events posted to a URL. */
public record RuleApi(Api api) {

    /** Makes an active rule whose one action posts to a URL; returns the id of the action. */
    public String push(String url, String resource, String event) {
        JsonObject subject = JsonObject.of("resource", resource, "event", event);
        String rule = made("/routing-rule/rules", JsonObject.of("subject", subject), "rule_id");
        String action = action(rule, JsonObject.of("url", url));
        Api.Answer active = activate(rule);
        assertThat(active.status()).as("%s", active).isEqualTo(200);
        return action;
    }

    /** A rule for the status of messages that is not active. */
    public String rule() {
        JsonObject subject = JsonObject.of("resource", "device.message.status", "event", "update");
        return made("/routing-rule/rules", JsonObject.of("subject", subject), "rule_id");
    }

    /** @param http what stands below {@code http_forwarding} */
    public String action(String rule, JsonObject http) {
        JsonObject detail = JsonObject.of("http_forwarding", http);
        return made(
                "/routing-rule/actions",
                JsonObject.of("rule_id", rule, "channel", "HTTP_FORWARDING", "channel_detail", detail),
                "action_id");
    }

    public Api.Answer activate(String rule) {
        return api.put("/routing-rule/rules/" + rule, JsonObject.of("active", true));
    }

    /** How an action is doing. */
    public JsonObject status(String action) {
        return api.get("/routing-rule/actions/" + action).body().getJsonObject("status");
    }

    /** Posts something and returns the id that it has got. */
    @CanIgnoreReturnValue
    public String made(String path, JsonObject body, String id) {
        Api.Answer answer = api.post(path, body);
        assertThat(answer.status()).as("%s %s", path, answer.body()).isEqualTo(201);
        return answer.body().getString(id);
    }
}
