// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.PushRows.EventKey;
import dev.downlink.protocol.PushRows.Ids;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.LanePage;
import dev.downlink.protocol.PushRows.LaneRead;
import dev.downlink.protocol.PushRows.LastId;
import dev.downlink.protocol.PushRows.Pages;
import dev.downlink.protocol.PushRows.SelectIds;
import dev.downlink.protocol.PushRows.StoredEvent;
import dev.downlink.protocol.PushRows.Stretch;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads events of the outbox in order, and deletes those that were dealt with. A read begins behind the last id that was read,
 * so it does not go over the dead rows that were deleted before it.
 */
final class OutboxReads {
    /** Of one lane in one read, as they are stored; one event may be larger. */
    private static final int ENOUGH = 512 * 1024;

    /** What is told of an event: its own header, or that of its device at this moment, or what is left of a device that is gone. */
    private static final String HEADER = """
        CASE WHEN e.header IS NOT NULL OR e.device_id IS NULL THEN e.header::text ELSE coalesce((
            SELECT json_build_object('app_id', d.space_id, 'device_id', d.device_id, 'node_id', d.node_id,
                'product_id', p.product_id, 'gateway_id', coalesce(d.parent, d.device_id),
                'tags', coalesce((
                    SELECT json_agg(json_build_object('tag_key', t.tag_key, 'tag_value', t.tag_value) ORDER BY t.tag_key)
                    FROM device_tag t WHERE t.device_id = d.device_id), '[]'))
            FROM device d JOIN product p ON p.record_id = d.product
            WHERE d.device_id = e.device_id), json_build_object('device_id', e.device_id))::text END\
        """;

    private static final String COLUMNS = """
        e.id, e.action, e.project_id, e.device_id, e.subject, e.happened, %s AS header, e.body::text AS body\
        """.formatted(HEADER);

    /** Sizes are those in storage, so that large bodies beyond the bound are not even fetched. */
    private static final String SELECT = """
        SELECT q.outlet, q.lane, e.total, %s
        FROM unnest($1::int[], $2::int[], $3::bigint[], $4::int[]) AS q (outlet, lane, after, most)
        CROSS JOIN LATERAL (
            SELECT o.*, pg_column_size(o.body) AS size,
                sum(pg_column_size(o.body)) OVER (ORDER BY o.id ROWS UNBOUNDED PRECEDING) AS total
            FROM (
                SELECT * FROM outbox o WHERE o.outlet = q.outlet AND o.lane = q.lane AND o.id > q.after
                ORDER BY o.id LIMIT q.most) o) e
        WHERE e.total - e.size < %d\
        """.formatted(COLUMNS, ENOUGH);

    private static final String SELECT_BY_ID = """
        SELECT e.outlet, e.lane, %s
        FROM unnest($1::int[], $2::int[], $3::bigint[]) AS q (outlet, lane, id)
        JOIN outbox e ON e.outlet = q.outlet AND e.lane = q.lane AND e.id = q.id\
        """.formatted(COLUMNS);

    private static final String IDS = """
        SELECT o.outlet, o.lane, o.id
        FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS q (outlet, lane, after, until)
        JOIN outbox o ON o.outlet = q.outlet AND o.lane = q.lane AND o.id > q.after AND o.id <= q.until\
        """;

    private static final String DELETE = """
        DELETE FROM outbox o USING unnest($1::int[], $2::int[], $3::bigint[]) AS q (outlet, lane, id)
        WHERE o.outlet = q.outlet AND o.lane = q.lane AND o.id = q.id\
        """;

    private final Database database;

    OutboxReads(Database database) {
        this.database = database;
    }

    /** Ids are taken before their rows are committed, so this tells of rows that may come to be seen later. */
    Future<LastId> last() {
        return database.run("SELECT last_value FROM outbox_id_seq")
                .map(rows -> new LastId(rows.iterator().next().getLong(0)));
    }

    Future<Pages> select(List<LaneRead> lanes) {
        return database.run(
                        SELECT,
                        ints(lanes, LaneRead::outlet),
                        ints(lanes, LaneRead::lane),
                        longs(lanes, LaneRead::after),
                        ints(lanes, LaneRead::limit))
                .map(rows -> {
                    Map<LaneKey, List<Row>> found = byLane(rows);
                    return new Pages(lanes.stream()
                            .map(lane -> page(lane, found.get(new LaneKey(lane.outlet(), lane.lane()))))
                            .toList());
                });
    }

    private static LanePage page(LaneRead read, @Nullable List<Row> rows) {
        if (rows == null) {
            return new LanePage(read.outlet(), read.lane(), List.of(), false);
        }
        boolean full = rows.size() >= read.limit() || rows.getLast().getLong("total") >= ENOUGH;
        return new LanePage(read.outlet(), read.lane(), events(rows), full);
    }

    Future<Pages> selectById(List<EventKey> events) {
        return database.run(
                        SELECT_BY_ID,
                        ints(events, EventKey::outlet),
                        ints(events, EventKey::lane),
                        longs(events, EventKey::id))
                .map(rows -> new Pages(byLane(rows).entrySet().stream()
                        .map(lane -> new LanePage(
                                lane.getKey().outlet(), lane.getKey().lane(), events(lane.getValue()), false))
                        .toList()));
    }

    private static Map<LaneKey, List<Row>> byLane(Iterable<Row> rows) {
        Map<LaneKey, List<Row>> lanes = new LinkedHashMap<>();
        for (Row row : rows) {
            LaneKey lane = new LaneKey(row.getInteger("outlet"), row.getShort("lane"));
            lanes.computeIfAbsent(lane, _ -> new ArrayList<>()).add(row);
        }
        return lanes;
    }

    /** What this version does not know is left for those that do. */
    private static List<StoredEvent> events(List<Row> rows) {
        return rows.stream()
                .map(OutboxReads::event)
                .flatMap(Optional::stream)
                .sorted((a, b) -> Long.compare(a.id(), b.id()))
                .toList();
    }

    private static Optional<StoredEvent> event(Row row) {
        String device = Rows.optional(row, "device_id");
        String header = Rows.optional(row, "header");
        return Subject.of(Rows.text(row, "subject"))
                .map(subject -> new StoredEvent(
                        row.getLong("id"),
                        row.getInteger("lane"),
                        row.getInteger("action"),
                        new ProjectId(Rows.text(row, "project_id")),
                        device == null ? null : new DeviceId(device),
                        subject,
                        Rows.time(row, "happened"),
                        header == null ? null : new Json(header),
                        new Json(Rows.text(row, "body"))));
    }

    Future<Ids> ids(SelectIds q) {
        return database.run(
                        IDS,
                        ints(q.stretches(), Stretch::outlet),
                        ints(q.stretches(), Stretch::lane),
                        longs(q.stretches(), Stretch::after),
                        longs(q.stretches(), Stretch::until))
                .map(rows -> new Ids(Rows.all(
                        rows, row -> new EventKey(row.getInteger("outlet"), row.getShort("lane"), row.getLong("id")))));
    }

    Future<Done> delete(List<EventKey> events) {
        return database.run(
                        DELETE,
                        ints(events, EventKey::outlet),
                        ints(events, EventKey::lane),
                        longs(events, EventKey::id))
                .map(Done.DONE);
    }
}
