// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Makes a rule that has events pushed over HTTP. */
public final class Forwarding {
    private final Northbound north;

    public Forwarding(Northbound north) {
        this.north = north;
    }

    /**
     * Makes an active rule with one action and tells its id. Fails with the first answer that was not understood.
     *
     * @param resource what the events are about
     * @param event what happens to it
     * @param url that gets them
     */
    public Future<String> start(String resource, String event, String url) {
        JsonObject rule = new JsonObject()
                .put("rule_name", "bench")
                .put("subject", new JsonObject().put("resource", resource).put("event", event));
        return north.post("/routing-rule/rules", rule)
                .compose(reply -> made(reply, "rule_id"))
                .compose(id -> north.post("/routing-rule/actions", action(id, url))
                        .compose(reply -> made(reply, "action_id"))
                        .compose(_ -> activate(id, true)));
    }

    /** Whether a rule is told from now on. */
    public Future<String> activate(String rule, boolean active) {
        return north.put("/routing-rule/rules/" + rule, new JsonObject().put("active", active))
                .compose(reply -> made(reply, "rule_id"));
    }

    private static JsonObject action(String rule, String url) {
        return new JsonObject()
                .put("rule_id", rule)
                .put("channel", "HTTP_FORWARDING")
                .put("channel_detail", new JsonObject().put("http_forwarding", new JsonObject().put("url", url)));
    }

    private static Future<String> made(Northbound.Reply reply, String id) {
        return reply.status() < 300
                ? Future.succeededFuture(new JsonObject(reply.body()).getString(id))
                : Future.failedFuture(new IllegalStateException("refused: " + reply.status() + ' ' + reply.body()));
    }
}
