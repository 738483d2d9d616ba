// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.protocol.DeliveryRequest.Waiting;
import dev.downlink.protocol.MessageRows.SelectWaiting;
import dev.downlink.protocol.QueuedMessage;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads what waits for connections, as long as they are the ones that hold their devices. */
final class WaitingMessages {
    /** Connections of one statement, which may get {@value #ENOUGH} bytes and one message each. */
    private static final int MAX_CONNECTIONS = 64;

    private static final int ENOUGH = 256 * 1024;

    private static final String SELECT = """
        SELECT m.* FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::int[])
            AS q (connection, epoch, after, most)
        JOIN session s ON s.device_id = q.connection AND s.epoch = q.epoch AND s.address IS NOT NULL
        CROSS JOIN LATERAL (
            SELECT %1$s, floor(extract(epoch FROM m.expires_at - statement_timestamp()) * 1000)::bigint AS remaining,
                octet_length(m.content) AS size,
                sum(octet_length(m.content)) OVER (ORDER BY m.sequence) AS total
            FROM message m
            WHERE m.connection_id = q.connection AND m.state IN (0, 4) AND m.sequence > q.after
                AND m.expires_at > statement_timestamp()
            ORDER BY m.sequence LIMIT q.most) m
        WHERE m.total - m.size < %2$d\
        """.formatted(MessageColumns.MESSAGE, ENOUGH);

    private final Database database;
    private final Batcher<SelectWaiting, Waiting> batches;

    WaitingMessages(Database database, Batching batching) {
        this.database = database;
        batches = batching.withMaxRows(MAX_CONNECTIONS).of("select_waiting", SelectWaiting::connection, this::select);
    }

    Future<Waiting> select(SelectWaiting q) {
        return batches.submit(q);
    }

    private Future<Function<SelectWaiting, Waiting>> select(List<SelectWaiting> batch) {
        return database.run(
                        SELECT,
                        strings(batch, q -> q.connection().value()),
                        longs(batch, SelectWaiting::epoch),
                        longs(batch, SelectWaiting::after),
                        ints(batch, SelectWaiting::limit))
                .map(rows -> {
                    Map<String, List<Row>> found = new HashMap<>();
                    rows.forEach(row -> found.computeIfAbsent(Rows.text(row, "connection_id"), _ -> new ArrayList<>())
                            .add(row));
                    return q -> waiting(q, found.getOrDefault(q.connection().value(), List.of()));
                });
    }

    private static Waiting waiting(SelectWaiting q, List<Row> rows) {
        boolean full = rows.size() >= q.limit();
        return new Waiting(
                rows.stream().map(WaitingMessages::message).toList(),
                full || (!rows.isEmpty() && rows.getLast().getLong("total") >= ENOUGH));
    }

    private static QueuedMessage message(Row row) {
        return new QueuedMessage(
                MessageColumns.key(row),
                row.getLong("sequence"),
                MessageColumns.message(row),
                Duration.ofMillis(row.getLong("remaining")),
                MessageColumns.error(row));
    }
}
