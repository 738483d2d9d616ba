// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.config.Settings;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.Message.Encoding;
import dev.downlink.model.Message.Format;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Text;
import dev.downlink.model.Topics;
import dev.downlink.model.UserProperty;
import dev.downlink.protocol.DeliveryRequest.Broadcast;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as requests carry them (northbound §2.1 and §2.3). */
final class MessageFields {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    /** Of a broadcast's message as it stands in the body, in bytes; the contract also has 128 KB (southbound §2.9). */
    static final int MAX_BROADCAST = 256 * 1024;

    private final Settings.Messages limits;

    MessageFields(Settings.Messages limits) {
        this.limits = limits;
    }

    /** @param key the header {@value #IDEMPOTENCY_KEY} */
    Message message(Fields fields, @Nullable String key) {
        Encoding encoding = encoding(fields.text("encoding"));
        return new Message(
                id(fields, key),
                fields.text("name"),
                content(fields, encoding),
                encoding,
                format(fields.text("payload_format"), encoding),
                fields.text("topic"),
                fields.text("topic_full_name"),
                properties(fields.object("properties")),
                ttl(fields, longest()));
    }

    /** @param key the header {@value #IDEMPOTENCY_KEY} */
    Broadcast broadcast(ProjectId project, Fields fields, @Nullable String key) {
        String topic = Text.upTo("topic_full_name", fields.mandatoryText("topic_full_name"), Message.MAX_TEXT);
        if (!Topics.isBroadcast(topic)) {
            throw new InvalidField("topic_full_name", "must begin with $oc/broadcast/");
        }
        Topics.checkName("topic_full_name", topic);
        String payload = fields.mandatoryText("message");
        checkSize(fields, MAX_BROADCAST);
        checkBase64(payload);
        return new Broadcast(
                project,
                fields.text("app_id", SpaceId::new),
                topic,
                payload,
                ttl(fields, 0),
                id(fields, key),
                key != null);
    }

    private static MessageId id(Fields fields, @Nullable String key) {
        @Nullable MessageId id = fields.text("message_id", MessageId::new);
        if (id != null) {
            return id;
        }
        return key == null
                ? MessageId.random()
                : new MessageId(Text.identifier(IDEMPOTENCY_KEY, key, MessageId.MAX_LENGTH));
    }

    private Json content(Fields fields, Encoding encoding) {
        @Nullable Json content = fields.json("message");
        if (content == null) {
            throw fields.missing("message");
        }
        checkSize(fields, limits.maxSize());
        if (encoding == Encoding.BASE64) {
            checkBase64(fields.mandatoryText("message"));
        }
        return content;
    }

    private static void checkSize(Fields fields, int max) {
        if (fields.contentSize("message") > max) {
            throw new InvalidField("message", "must not be larger than " + max + " bytes");
        }
    }

    private static void checkBase64(String text) {
        try {
            var _ = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidField("message", "must be Base64");
        }
    }

    private static Encoding encoding(@Nullable String text) {
        return switch (text) {
            case null -> Encoding.NONE;
            case "none" -> Encoding.NONE;
            case "base64" -> Encoding.BASE64;
            default -> throw new InvalidField("encoding", "must be none or base64");
        };
    }

    /** What is said of the format counts only without an encoding (northbound §2.1): Base64 is always passed through. */
    private static Format format(@Nullable String text, Encoding encoding) {
        Format format = switch (text) {
            case null -> Format.STANDARD;
            case "standard" -> Format.STANDARD;
            case "raw" -> Format.RAW;
            default -> throw new InvalidField("payload_format", "must be standard or raw");
        };
        return encoding == Encoding.BASE64 ? Format.RAW : format;
    }

    private static @Nullable MessageProperties properties(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        List<UserProperty> user = fields.objects("user_properties").stream()
                .map(one -> one.inside(
                        () -> new UserProperty(one.mandatoryText("prop_key"), one.mandatoryText("prop_value"))))
                .toList();
        return fields.inside(
                () -> new MessageProperties(fields.text("correlation_data"), fields.text("response_topic"), user));
    }

    private int ttl(Fields fields, int otherwise) {
        @Nullable Integer ttl = fields.integer("ttl");
        if (ttl == null) {
            return otherwise;
        }
        if (ttl < 0 || ttl > longest() || ttl % Message.TTL_STEP != 0) {
            throw new InvalidField(
                    "ttl", "must be a multiple of " + Message.TTL_STEP + " from 0 to " + longest() + ", in minutes");
        }
        return ttl;
    }

    /** The longest ttl, in minutes. */
    private int longest() {
        int minutes = Math.toIntExact(limits.maxTtl().toMinutes());
        return minutes - minutes % Message.TTL_STEP;
    }
}
