// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.ints;

import dev.downlink.protocol.Done;
import dev.downlink.protocol.PushRows.ClaimLanes;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.Lanes;
import dev.downlink.protocol.PushRows.LeavePushers;
import dev.downlink.protocol.PushRows.Pusher;
import dev.downlink.protocol.PushRows.Pushers;
import dev.downlink.protocol.PushRows.ReleaseLanes;
import dev.downlink.protocol.PushRows.ShareLanes;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.List;

/** Who sends what waits in which lane. Only nodes that are in the table of nodes can have a lane. */
final class LaneTable {
    /** The rows that are right already are not written again. */
    private static final String SHARE = """
        WITH mine AS (
            SELECT unnest($3::int[]) AS outlet UNION SELECT 0
        ), gone AS (
            DELETE FROM pusher p WHERE p.node = $1::int AND p.instance = $2::int
                AND p.outlet NOT IN (SELECT outlet FROM mine)
        ), come AS (
            INSERT INTO pusher (outlet, node, instance) SELECT outlet, $1::int, $2::int FROM mine
            ON CONFLICT DO NOTHING
        )
        SELECT p.outlet, p.node, p.instance FROM pusher p JOIN node n ON n.id = p.node
        WHERE p.node <> $1::int OR p.instance <> $2::int
        UNION ALL
        SELECT m.outlet, $1::int, $2::int FROM mine m JOIN node n ON n.id = $1::int\
        """;

    private static final String CLAIM = """
        INSERT INTO outlet_lane AS l (outlet, lane, node, instance)
        SELECT q.outlet, q.lane, $1::int, $2::int FROM unnest($3::int[], $4::int[]) AS q (outlet, lane)
        JOIN outlet o ON o.outlet = q.outlet
        JOIN node n ON n.id = $1::int
        ORDER BY q.outlet, q.lane
        ON CONFLICT (outlet, lane) DO UPDATE SET node = excluded.node, instance = excluded.instance
        WHERE l.node IS NULL OR (l.node = excluded.node AND l.instance = excluded.instance)
            OR NOT EXISTS (SELECT FROM node n WHERE n.id = l.node)
        RETURNING l.outlet, l.lane\
        """;

    private static final String RELEASE = """
        UPDATE outlet_lane l SET node = NULL, instance = NULL
        FROM (SELECT * FROM unnest($3::int[], $4::int[]) AS u (outlet, lane) ORDER BY outlet, lane) q
        WHERE l.outlet = q.outlet AND l.lane = q.lane AND l.node = $1 AND l.instance = $2\
        """;

    private static final String LEAVE = """
        WITH gone AS (DELETE FROM pusher WHERE node = $1 AND instance = $2)
        UPDATE outlet_lane SET node = NULL, instance = NULL WHERE node = $1 AND instance = $2\
        """;

    private final Database database;

    LaneTable(Database database) {
        this.database = database;
    }

    Future<Pushers> share(ShareLanes q) {
        return database.run(SHARE, q.node(), q.instance(), q.queues().toArray(Integer[]::new))
                .map(rows -> new Pushers(Rows.all(
                        rows,
                        row -> new Pusher(
                                row.getInteger("outlet"), row.getInteger("node"), row.getInteger("instance")))));
    }

    Future<Lanes> claim(ClaimLanes q) {
        return database.run(CLAIM, q.node(), q.instance(), outlets(q.lanes()), lanes(q.lanes()))
                .map(rows -> new Lanes(Rows.all(rows, LaneTable::lane)));
    }

    private static LaneKey lane(Row row) {
        return new LaneKey(row.getInteger("outlet"), row.getShort("lane"));
    }

    Future<Done> release(ReleaseLanes q) {
        return database.run(RELEASE, q.node(), q.instance(), outlets(q.lanes()), lanes(q.lanes()))
                .map(Done.DONE);
    }

    Future<Done> leave(LeavePushers q) {
        return database.run(LEAVE, q.node(), q.instance()).map(Done.DONE);
    }

    private static Object outlets(List<LaneKey> lanes) {
        return ints(lanes, LaneKey::outlet);
    }

    private static Object lanes(List<LaneKey> lanes) {
        return ints(lanes, LaneKey::lane);
    }
}
