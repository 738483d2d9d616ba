// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.Channel;
import dev.downlink.model.EventFormat;
import dev.downlink.model.RuleAction;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.PushRows.OutletStatus;
import dev.downlink.protocol.RuleRequest.ActionView;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An action as it is answered; secrets are never. */
final class ActionShape {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.%]*:[0-9A-Za-z:.%]*");

    private ActionShape() {}

    static Members of(ActionView view) {
        RuleAction action = view.action();
        SpaceId space = view.rule().space();
        Channel channel = action.channel();
        return new Members()
                .put("action_id", action.id().value())
                .put("rule_id", action.rule().value())
                .put("app_id", space == null ? null : space.value())
                .put("channel", channel.kind().name())
                .put(
                        "channel_detail",
                        new Members()
                                .put(channel.kind().member(), detail(channel))
                                .node());
    }

    /** @param status null: the action is being deleted */
    static ObjectNode of(ActionView view, @Nullable OutletStatus status) {
        Members members = of(view);
        return status == null
                ? members.node()
                : members.put("status", status(view.rule().active(), status)).node();
    }

    private static ObjectNode status(boolean active, OutletStatus status) {
        return new Members()
                .put("state", !active ? "inactive" : status.paused() ? "paused" : "running")
                .put("delivered", status.delivered())
                .put("failed", status.failed())
                .put("dropped", status.dropped())
                .put("dropped_last_time", time(status.droppedLast()))
                .put("last_error", status.lastError())
                .put("last_error_time", time(status.lastErrorTime()))
                .put("waiting", status.waiting())
                .put("waiting_bytes", status.waitingBytes())
                .put("oldest_event_time", time(status.oldest()))
                .put("dead_letters", status.deadLetters())
                .node();
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : Timestamps.compact(time);
    }

    private static ObjectNode detail(Channel channel) {
        return switch (channel) {
            case Channel.Http http -> http(http);
            case Channel.Amqp amqp ->
                new Members().put("queue_name", amqp.queue()).node();
            case Channel.Kafka kafka -> kafka(kafka);
            case Channel.Storage storage -> storage(storage);
        };
    }

    private static ObjectNode http(Channel.Http http) {
        return new Members()
                .put("url", http.url())
                .put("cert_id", http.certificate())
                .put("cn_name", http.serverName())
                .put("sni_enable", http.sni())
                .put("signature_enable", http.signed())
                .put("format", format(http.format()))
                .node();
    }

    private static ObjectNode kafka(Channel.Kafka kafka) {
        Members members = new Members()
                .put("region_name", kafka.region())
                .put("project_id", kafka.projectId())
                .list("addresses", kafka.addresses(), ActionShape::address)
                .put("topic", kafka.topic());
        if (kafka.kind() == Channel.Kind.MRS_KAFKA_FORWARDING) {
            members.put("kerberos_authentication", false);
        } else {
            members.put("username", kafka.username())
                    .put("mechanism", kafka.mechanism())
                    .put("security_protocol", kafka.protocol());
        }
        return members.put("format", format(kafka.format())).node();
    }

    private static ObjectNode address(Channel.NetAddress address) {
        return new Members()
                .put(ADDRESS.matcher(address.host()).matches() ? "ip" : "domain", address.host())
                .put("port", address.port())
                .node();
    }

    private static ObjectNode storage(Channel.Storage storage) {
        return new Members()
                .put("region_name", storage.region())
                .put("project_id", storage.projectId())
                .put("bucket_name", storage.bucket())
                .put("location", storage.location())
                .put("file_path", storage.filePath())
                .put("endpoint", storage.endpoint())
                .put("access_key", storage.accessKey())
                .node();
    }

    /** What the original has too is not said. */
    private static @Nullable String format(EventFormat format) {
        return format == EventFormat.DOCUMENTED ? null : format.text();
    }
}
