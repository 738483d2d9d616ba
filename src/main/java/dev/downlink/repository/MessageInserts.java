// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.flags;
import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.Message;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.MessageError;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.InsertMessage;
import dev.downlink.protocol.MessageRows.Inserted;
import dev.downlink.protocol.QueuedMessage;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Stores messages, and deletes those of their devices that are too many. A statement does not see what another one stores
 * at the same moment: of nodes that store for one device at once each may leave one too many, until the next comes.
 */
final class MessageInserts {
    /**
     * First all new rows and then all deletions, both in order of their keys: statements that touch the same rows wait for
     * each other and never in a circle.
     */
    private static final String INSERT = """
        WITH q AS MATERIALIZED (
            SELECT u.*, k.connection_id, k.child_id, kept.pending, kept.behind, kept.ids
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[],
                    $8::text[], $9::text[], $10::text[], $11::int[], $12::bigint[], $13::int[], $14::boolean[], $15::text[])
                AS u (project, device, message_id, name, content, base64, raw,
                    topic, topic_full_name, properties, ttl, millis, max, refuse, timeline)
            JOIN device d ON d.device_id = u.device AND d.project_id = u.project
            LEFT JOIN device p ON p.device_id = d.parent
            CROSS JOIN LATERAL (SELECT coalesce(p.parent, d.parent, d.device_id) AS connection_id,
                CASE WHEN d.parent IS NULL THEN '' ELSE d.device_id END AS child_id) k
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE u.refuse AND m.state = 0)::int AS pending,
                    max(m.sequence) FILTER (WHERE m.state IN (0, 4)) AS behind,
                    array_agg(m.message_id ORDER BY m.sequence DESC) FILTER (WHERE NOT (u.refuse AND m.state = 0)) AS ids
                FROM message m WHERE m.connection_id = k.connection_id AND m.child_id = k.child_id) kept
        ), stored AS (
            INSERT INTO message (connection_id, child_id, message_id, state, name, content, base64, raw, topic,
                topic_full_name, properties, ttl, created, expires_at, timeline)
            SELECT q.connection_id, q.child_id, q.message_id, 0, q.name, q.content, q.base64, q.raw, q.topic,
                q.topic_full_name, q.properties, q.ttl, statement_timestamp(),
                statement_timestamp() + q.millis * interval '1 millisecond', q.timeline
            FROM q WHERE q.pending < q.max
            ORDER BY q.connection_id COLLATE "C", q.child_id COLLATE "C", q.message_id COLLATE "C"
            ON CONFLICT DO NOTHING
            RETURNING connection_id, child_id, message_id, name, topic, topic_full_name, ttl, sequence, created
        ), too_many AS MATERIALIZED (
            SELECT q.connection_id, q.child_id, old.message_id
            FROM q CROSS JOIN LATERAL unnest(q.ids[q.max - q.pending:]) AS old (message_id)
            WHERE ((q.connection_id, q.child_id, q.message_id)
                IN (SELECT connection_id, child_id, message_id FROM stored)) IS TRUE
            ORDER BY 1, 2, 3
        ), deleted AS (
            DELETE FROM message m USING too_many l
            WHERE m.connection_id = l.connection_id AND m.child_id = l.child_id AND m.message_id = l.message_id
            RETURNING m.connection_id, m.child_id, m.message_id, m.name, m.topic, m.topic_full_name, m.state
        ), event AS (
            %s
        )
        SELECT 'stored' AS kind, connection_id, child_id, message_id, sequence, created FROM stored
        UNION ALL
        SELECT 'deleted', connection_id, child_id, message_id, NULL, NULL FROM deleted WHERE state = 0
        UNION ALL
        SELECT 'behind', connection_id, child_id, message_id, behind, NULL FROM q WHERE behind IS NOT NULL
        UNION ALL
        SELECT CASE WHEN q.pending < q.max OR EXISTS (
                SELECT FROM message m WHERE m.connection_id = q.connection_id AND m.child_id = q.child_id
                    AND m.message_id = q.message_id) THEN 'exists' ELSE 'full' END,
            q.connection_id, q.child_id, q.message_id, NULL, NULL
        FROM q WHERE ((q.connection_id, q.child_id, q.message_id)
            IN (SELECT connection_id, child_id, message_id FROM stored)) IS NOT TRUE\
        """.formatted(StatusEvents.insert("""
            SELECT connection_id, child_id, message_id, name, topic, topic_full_name, 'FAILED' AS status,
                '%s' AS error
            FROM deleted WHERE state = 0
            UNION ALL
            SELECT o.connection_id, o.child_id, o.message_id, o.name, o.topic, o.topic_full_name, 'PENDING', NULL
            FROM stored o LEFT JOIN session s ON s.device_id = o.connection_id
            WHERE o.ttl > 0 AND s.address IS NULL\
            """.formatted(MessageError.PUSHED_OUT)));

    private final Database database;
    private final Duration shortest;
    private final Batcher<InsertMessage, Inserted> batches;

    /** @param shortest time between a row's creation and its expiry */
    MessageInserts(Database database, Batching batching, Duration shortest) {
        this.database = database;
        this.shortest = shortest;
        batches = batching.of("insert_message", InsertMessage::device, this::insert);
    }

    Future<Inserted> insert(InsertMessage q) {
        return batches.submit(q);
    }

    private Future<Function<InsertMessage, Inserted>> insert(List<InsertMessage> batch) {
        return database.run(
                        INSERT,
                        strings(batch, q -> q.project().value()),
                        strings(batch, q -> q.device().value()),
                        strings(batch, q -> q.message().id().value()),
                        strings(batch, q -> q.message().name()),
                        strings(batch, q -> q.message().content().text()),
                        flags(batch, q -> q.message().encoding() == Message.Encoding.BASE64),
                        flags(batch, q -> q.message().format() == Message.Format.RAW),
                        strings(batch, q -> q.message().topic()),
                        strings(batch, q -> q.message().topicFullName()),
                        strings(batch, q -> MessageColumns.properties(q.message())),
                        ints(batch, q -> q.message().ttl()),
                        longs(batch, q -> lifetime(q).toMillis()),
                        ints(batch, q -> q.cache().max()),
                        flags(batch, q -> q.cache().overflow() == Overflow.REFUSE),
                        strings(batch, q -> Timeline.write(List.of(q.accepted())) + Timeline.STORED + '\n'))
                .map(rows -> {
                    Results results = Results.of(rows);
                    return q -> inserted(q, results);
                });
    }

    private Duration lifetime(InsertMessage q) {
        Duration ttl = Duration.ofMinutes(q.message().ttl());
        Duration least = q.grace().compareTo(shortest) < 0 ? shortest : q.grace();
        return ttl.compareTo(least) < 0 ? least : ttl;
    }

    private Inserted inserted(InsertMessage q, Results results) {
        String device = q.device().value();
        Row row = results.answers.get(device);
        if (row == null) {
            throw new Failed(new Failure.DeviceNotFound(q.device()));
        }
        return switch (Rows.text(row, "kind")) {
            case "exists" ->
                throw new Failed(
                        new Failure.AlreadyExists("message", q.message().id().value()));
            case "full" ->
                throw new Failed(new Failure.MessagesFull(q.device(), q.cache().max()));
            default ->
                new Inserted(
                        new QueuedMessage(
                                MessageColumns.key(row), row.getLong("sequence"), q.message(), lifetime(q), null),
                        results.behind.getOrDefault(device, 0L),
                        Rows.time(row, "created"),
                        results.pushedOut.getOrDefault(device, List.of()));
        };
    }

    /** By device: a batch has one message for each. */
    private record Results(
            Map<String, Row> answers, Map<String, Long> behind, Map<String, List<MessageKey>> pushedOut) {
        static Results of(RowSet<Row> rows) {
            Results results = new Results(new HashMap<>(), new HashMap<>(), new HashMap<>());
            rows.forEach(results::add);
            return results;
        }

        private void add(Row row) {
            String child = Rows.text(row, "child_id");
            String device = child.isEmpty() ? Rows.text(row, "connection_id") : child;
            switch (Rows.text(row, "kind")) {
                case "deleted" ->
                    pushedOut.computeIfAbsent(device, _ -> new ArrayList<>()).add(MessageColumns.key(row));
                case "behind" -> behind.put(device, row.getLong("sequence"));
                default -> answers.put(device, row);
            }
        }
    }
}
