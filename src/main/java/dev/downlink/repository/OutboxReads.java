// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.protocol.Done;
import dev.downlink.protocol.PushRows.EventKey;
import dev.downlink.protocol.PushRows.Ids;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.LanePage;
import dev.downlink.protocol.PushRows.LaneRead;
import dev.downlink.protocol.PushRows.LastId;
import dev.downlink.protocol.PushRows.Pages;
import dev.downlink.protocol.PushRows.SelectIds;
import dev.downlink.protocol.PushRows.Stretch;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Reads events of the outbox in order, and deletes those that were dealt with. A read begins behind the last id that was read,
 * so it does not go over the dead rows that were deleted before it.
 */
final class OutboxReads {
    /** Of one lane in one read, as they are stored; one event may be larger. */
    private static final int ENOUGH = 512 * 1024;

    /**
     * What is told of an event without a header of its own: the state of its device at this moment, or what is left of one that
     * is gone. Ids have no character that would have to be escaped; to put texts together takes half as long as to build JSON.
     */
    private static final String HEADER = """
        coalesce((
            SELECT '{"app_id":"' || d.space_id || '","device_id":"' || d.device_id || '","node_id":"' || d.node_id
                || '","product_id":"' || p.product_id || '","gateway_id":"' || coalesce(d.parent, d.device_id)
                || '","tags":' || coalesce((
                    SELECT json_agg(json_build_object('tag_key', t.tag_key, 'tag_value', t.tag_value)
                        ORDER BY t.tag_key)::text
                    FROM device_tag t WHERE t.device_id = d.device_id), '[]') || '}'
            FROM device d JOIN product p ON p.record_id = d.product
            WHERE d.device_id = e.device_id), '{"device_id":"' || e.device_id || '"}')\
        """;

    /** The events, and behind them the header of each of their devices, once: it is the dearest part of a read. */
    private static final String READ = """
        WITH event AS MATERIALIZED (
            %%s
        )
        SELECT e.outlet, e.lane, e.total, e.id, e.action, e.project_id, e.device_id, e.subject, e.happened,
            e.header::text, e.body::text
        FROM event e
        UNION ALL
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, e.device_id, NULL, NULL, %s, NULL
        FROM (SELECT DISTINCT device_id FROM event WHERE header IS NULL AND device_id IS NOT NULL) e\
        """.formatted(HEADER);

    /** Sizes are those in storage, so that large bodies beyond the bound are not even fetched. */
    private static final String SELECT = READ.formatted("""
        SELECT e.*
        FROM unnest($1::int[], $2::int[], $3::bigint[], $4::int[]) AS q (outlet, lane, after, most)
        CROSS JOIN LATERAL (
            SELECT o.*, pg_column_size(o.body) AS size,
                sum(pg_column_size(o.body)) OVER (ORDER BY o.id ROWS UNBOUNDED PRECEDING) AS total
            FROM (
                SELECT * FROM outbox o WHERE o.outlet = q.outlet AND o.lane = q.lane AND o.id > q.after
                ORDER BY o.id LIMIT q.most) o) e
        WHERE e.total - e.size < %d\
        """.formatted(ENOUGH));

    private static final String SELECT_BY_ID = READ.formatted("""
        SELECT o.*, 0::bigint AS total
        FROM unnest($1::int[], $2::int[], $3::bigint[]) AS q (outlet, lane, id)
        JOIN outbox o ON o.outlet = q.outlet AND o.lane = q.lane AND o.id = q.id\
        """);

    private static final String IDS = """
        SELECT o.outlet, o.lane, o.id
        FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS q (outlet, lane, after, until)
        JOIN outbox o ON o.outlet = q.outlet AND o.lane = q.lane AND o.id > q.after AND o.id <= q.until\
        """;

    /** Looks the ids of a lane up together, which takes half as long as one by one. */
    private static final String DELETE = """
        DELETE FROM outbox o USING unnest($1::int[], $2::int[], $3::text[]) AS q (outlet, lane, ids)
        WHERE o.outlet = q.outlet AND o.lane = q.lane AND o.id = ANY (q.ids::bigint[])\
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
                    OutboxPages read = new OutboxPages(rows);
                    return new Pages(
                            lanes.stream().map(lane -> page(lane, read)).toList());
                });
    }

    private static LanePage page(LaneRead lane, OutboxPages read) {
        LaneKey key = new LaneKey(lane.outlet(), lane.lane());
        boolean full = read.count(key) >= lane.limit() || read.size(key) >= ENOUGH;
        return new LanePage(lane.outlet(), lane.lane(), read.events(key), full);
    }

    Future<Pages> selectById(List<EventKey> events) {
        return database.run(
                        SELECT_BY_ID,
                        ints(events, EventKey::outlet),
                        ints(events, EventKey::lane),
                        longs(events, EventKey::id))
                .map(rows -> {
                    OutboxPages read = new OutboxPages(rows);
                    return new Pages(read.lanes().stream()
                            .map(lane -> new LanePage(lane.outlet(), lane.lane(), read.events(lane), false))
                            .toList());
                });
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
        Map<LaneKey, StringJoiner> lanes = new LinkedHashMap<>();
        for (EventKey event : events) {
            lanes.computeIfAbsent(new LaneKey(event.outlet(), event.lane()), _ -> new StringJoiner(",", "{", "}"))
                    .add(Long.toString(event.id()));
        }
        List<LaneKey> keys = List.copyOf(lanes.keySet());
        return database.run(
                        DELETE,
                        ints(keys, LaneKey::outlet),
                        ints(keys, LaneKey::lane),
                        strings(List.copyOf(lanes.values()), StringJoiner::toString))
                .map(Done.DONE);
    }
}
