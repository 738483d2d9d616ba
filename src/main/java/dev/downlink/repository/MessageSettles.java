// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.MessageError;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.SettleMessage;
import dev.downlink.protocol.MessageRows.Settled;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Moves messages on: pending to delivered, failed or written, and written to delivered, also when the device refuses it
 * then: it is not sent again, and its status does not go back. No other way, whoever says it and however often; a message that
 * may still be sent takes note of the steps all the same.
 */
final class MessageSettles {
    /**
     * In order of keys, so that statements that touch the same rows never wait in a circle; but told of in the order in which
     * it happened. A status changed when its time is that of the statement.
     */
    private static final String SETTLE = """
        WITH moved AS (
            UPDATE message m SET
                state = CASE WHEN m.state = 0 THEN coalesce(q.target, 0) WHEN q.target IN (1, 2) THEN 1 ELSE m.state END,
                error = CASE WHEN m.state = 0 THEN q.error END,
                finished = CASE WHEN m.state = 0 AND q.target IS NOT NULL THEN statement_timestamp() ELSE m.finished END,
                timeline = CASE
                    WHEN m.state = 0 AND q.target IS NOT NULL THEN
                        m.timeline || q.steps || CASE q.target WHEN 2 THEN E'F\\n' ELSE E'D\\n' END
                    WHEN q.target IN (1, 2) OR octet_length(m.timeline) < %d THEN m.timeline || q.steps
                    ELSE m.timeline END
            FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[])
                    WITH ORDINALITY AS u (connection_id, child_id, message_id, target, error, steps, place)
                ORDER BY u.connection_id COLLATE "C", u.child_id COLLATE "C", u.message_id COLLATE "C") q
            WHERE m.connection_id = q.connection_id AND m.child_id = q.child_id AND m.message_id = q.message_id
                AND (m.state = 0 OR (m.state = 4 AND (q.target IN (1, 2) OR q.steps <> '')))
            RETURNING m.connection_id, m.child_id, m.message_id, m.name, m.topic, m.topic_full_name, m.state, m.error,
                m.finished, q.place
        ), event AS (
            %s
        )
        SELECT connection_id, child_id, message_id, state, finished FROM moved\
        """.formatted(2048, StatusEvents.insert("""
            SELECT connection_id, child_id, message_id, name, topic, topic_full_name,
                CASE state WHEN 2 THEN 'FAILED' ELSE 'DELIVERED' END AS status, error
            FROM moved WHERE finished = statement_timestamp() ORDER BY place\
            """));

    private static final String SELECT = """
        SELECT m.connection_id, m.child_id, m.message_id, m.state, m.finished
        FROM unnest($1::text[], $2::text[], $3::text[]) AS q (connection_id, child_id, message_id)
        JOIN message m ON m.connection_id = q.connection_id AND m.child_id = q.child_id AND m.message_id = q.message_id\
        """;

    private final Database database;
    private final Batcher<SettleMessage, Settled> batches;

    MessageSettles(Database database, Batching batching) {
        this.database = database;
        batches = batching.of("settle_message", SettleMessage::key, this::settle);
    }

    Future<Settled> settle(SettleMessage q) {
        return batches.submit(q);
    }

    private Future<Function<SettleMessage, Settled>> settle(List<SettleMessage> batch) {
        return database.run(
                        SETTLE,
                        strings(batch, q -> q.key().connection().value()),
                        strings(batch, q -> MessageColumns.child(q.key())),
                        strings(batch, q -> q.key().id().value()),
                        ints(batch, q -> target(q.fate())),
                        strings(batch, MessageSettles::error),
                        strings(batch, q -> Timeline.write(q.steps())))
                .map(MessageSettles::byKey)
                .compose(moved -> withOthers(batch, moved))
                .map(found -> q -> settled(found.get(q.key())));
    }

    /** Those that had ended before are read by a second statement: the first one sees them as they were when it began. */
    private Future<Map<MessageKey, Row>> withOthers(List<SettleMessage> batch, Map<MessageKey, Row> moved) {
        List<MessageKey> others = batch.stream()
                .map(SettleMessage::key)
                .filter(key -> !moved.containsKey(key))
                .toList();
        if (others.isEmpty()) {
            return Future.succeededFuture(moved);
        }
        return database.run(
                        SELECT,
                        strings(others, key -> key.connection().value()),
                        strings(others, MessageColumns::child),
                        strings(others, key -> key.id().value()))
                .map(rows -> {
                    moved.putAll(byKey(rows));
                    return moved;
                });
    }

    private static Map<MessageKey, Row> byKey(RowSet<Row> rows) {
        Map<MessageKey, Row> found = new HashMap<>();
        rows.forEach(row -> found.put(MessageColumns.key(row), row));
        return found;
    }

    private static Settled settled(@Nullable Row row) {
        return row == null
                ? new Settled(null, null)
                : new Settled(MessageColumns.status(row.getInteger("state")), MessageColumns.finished(row));
    }

    private static @Nullable Integer target(Fate fate) {
        return switch (fate) {
            case WAITING -> null;
            case WRITTEN -> MessageColumns.WRITTEN;
            case DELIVERED -> MessageColumns.DELIVERED;
            case FAILED -> MessageColumns.FAILED;
        };
    }

    private static @Nullable String error(SettleMessage q) {
        MessageError error = q.error();
        boolean success = q.fate() == Fate.DELIVERED || q.fate() == Fate.WRITTEN;
        return error == null || success ? null : error.name();
    }
}
