// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.Message;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.StoredMessage;
import dev.downlink.model.TimelineStep;
import dev.downlink.model.Timestamps;
import dev.downlink.model.UserProperty;
import dev.downlink.protocol.DeliveryRequest.BroadcastSent;
import dev.downlink.protocol.DeliveryRequest.Sent;
import dev.downlink.protocol.Problem;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Messages as answers show them (northbound §2). */
final class MessageShape {
    private MessageShape() {}

    static ObjectNode sent(Sent sent) {
        ObjectNode result = times(new Members(), sent.status(), sent.created(), sent.finished())
                .node();
        return new Members()
                .put("message_id", sent.id().value())
                .put("result", result)
                .node();
    }

    static ObjectNode broadcast(BroadcastSent sent, String topic) {
        return new Members()
                .put("app_id", sent.space().value())
                .put("topic_full_name", topic)
                .put("message_id", sent.id().value())
                .put("created_time", Timestamps.compact(sent.created()))
                .node();
    }

    static ObjectNode stored(StoredMessage stored) {
        return members(stored).node();
    }

    static ObjectNode withTimeline(StoredMessage stored) {
        return members(stored)
                .list("timeline", stored.timeline(), MessageShape::step)
                .node();
    }

    private static Members members(StoredMessage stored) {
        Message message = stored.message();
        boolean encoded = message.encoding() == Message.Encoding.BASE64;
        Members members = new Members()
                .put("message_id", message.id().value())
                .put("name", message.name())
                .put("message", message.content())
                .put("encoding", word(message.encoding()))
                .put("payload_format", encoded ? null : word(message.format()))
                .put("topic", message.topicOn(stored.connection()));
        if (message.properties() != null) {
            members.put("properties", properties(message.properties()));
        }
        times(members, stored.status(), stored.created(), stored.finished());
        if (stored.error() != null) {
            members.put(
                    "error_info",
                    error(Problem.of(stored.error(), stored.device(), message.topicOn(stored.connection()))));
        }
        return members;
    }

    @CanIgnoreReturnValue
    private static Members times(Members members, MessageStatus status, Instant created, @Nullable Instant finished) {
        return members.put("status", status.name())
                .put("created_time", Timestamps.compact(created))
                .put("finished_time", finished == null ? null : Timestamps.compact(finished));
    }

    private static ObjectNode error(Problem problem) {
        return new Members()
                .put("error_code", problem.code())
                .put("error_msg", problem.text())
                .node();
    }

    private static ObjectNode properties(MessageProperties properties) {
        Members members = new Members()
                .put("correlation_data", properties.correlationData())
                .put("response_topic", properties.responseTopic());
        if (!properties.userProperties().isEmpty()) {
            members.list("user_properties", properties.userProperties(), MessageShape::property);
        }
        return members.node();
    }

    private static ObjectNode property(UserProperty property) {
        return new Members()
                .put("prop_key", property.key())
                .put("prop_value", property.value())
                .node();
    }

    private static ObjectNode step(TimelineStep step) {
        return new Members()
                .put("event", word(step.kind()))
                .put("time", Timestamps.millis(step.time()))
                .put("detail", step.detail())
                .node();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
