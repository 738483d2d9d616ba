// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.Message.Encoding;
import dev.downlink.model.Message.Format;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.StoredMessage;
import dev.downlink.protocol.MessageKey;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a message is read from its row. */
final class MessageColumns {
    /** All that makes a message. */
    static final String MESSAGE = """
        m.connection_id, m.child_id, m.message_id, m.sequence, m.name, m.content, m.base64, m.raw, m.topic,
        m.topic_full_name, m.properties, m.ttl, m.error\
        """;

    // the column state
    static final int PENDING = 0;
    static final int DELIVERED = 1;
    static final int FAILED = 2;
    static final int EXPIRED = 3;
    /** Shown as delivered, and still to be acknowledged. */
    static final int WRITTEN = 4;

    private MessageColumns() {}

    /** The column child_id. */
    static String child(MessageKey key) {
        return key.device().equals(key.connection()) ? "" : key.device().value();
    }

    static MessageKey key(Row row) {
        DeviceId connection = new DeviceId(Rows.text(row, "connection_id"));
        String child = Rows.text(row, "child_id");
        return new MessageKey(
                connection,
                child.isEmpty() ? connection : new DeviceId(child),
                new MessageId(Rows.text(row, "message_id")));
    }

    static StoredMessage stored(Row row, boolean withTimeline) {
        MessageKey key = key(row);
        Instant created = Rows.time(row, "created");
        Instant finished = finished(row);
        return new StoredMessage(
                key.device(),
                key.connection(),
                message(row),
                status(row.getInteger("state")),
                error(row),
                created,
                finished,
                withTimeline ? Timeline.read(Rows.text(row, "timeline"), created, finished) : List.of());
    }

    static Message message(Row row) {
        String properties = Rows.optional(row, "properties");
        return new Message(
                new MessageId(Rows.text(row, "message_id")),
                Rows.optional(row, "name"),
                new Json(Rows.text(row, "content")),
                row.getBoolean("base64") ? Encoding.BASE64 : Encoding.NONE,
                row.getBoolean("raw") ? Format.RAW : Format.STANDARD,
                Rows.optional(row, "topic"),
                Rows.optional(row, "topic_full_name"),
                properties == null ? null : Documents.messageProperties(properties),
                row.getInteger("ttl"));
    }

    static @Nullable String properties(Message message) {
        MessageProperties properties = message.properties();
        return properties == null ? null : Documents.write(properties);
    }

    static MessageStatus status(int state) {
        return switch (state) {
            case PENDING -> MessageStatus.PENDING;
            case DELIVERED, WRITTEN -> MessageStatus.DELIVERED;
            case FAILED -> MessageStatus.FAILED;
            case EXPIRED -> MessageStatus.TIMEOUT;
            default -> throw new IllegalStateException("a message has the state " + state);
        };
    }

    static @Nullable Instant finished(Row row) {
        return row.getOffsetDateTime("finished") == null ? null : Rows.time(row, "finished");
    }

    static @Nullable MessageError error(Row row) {
        String name = Rows.optional(row, "error");
        return name == null ? null : MessageError.valueOf(name);
    }
}
