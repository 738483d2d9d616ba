// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.BacklogRows.Backlog;
import dev.downlink.protocol.BacklogRows.Backlogs;
import dev.downlink.protocol.BacklogRows.ClaimSweeps;
import dev.downlink.protocol.BacklogRows.Collected;
import dev.downlink.protocol.BacklogRows.DropOldest;
import dev.downlink.protocol.BacklogRows.Dropped;
import dev.downlink.protocol.BacklogRows.DroppedEvents;
import dev.downlink.protocol.BacklogRows.Measured;
import dev.downlink.protocol.BacklogRows.Sweep;
import dev.downlink.protocol.BacklogRows.Sweeps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;

/** How much waits in outlets, and the removal of what is too much, too old, or nobody's. */
final class BacklogTable {
    /** What event {@code b} counts, as it is stored. */
    static final String SIZE = "(pg_column_size(b.body) + coalesce(pg_column_size(b.header), 0))::bigint";

    /** Only those in which something waits, or did at the last look. Others are not even written. */
    private static final String CLAIM = """
        UPDATE outlet o SET sweep_due = now() + interval '30 s'
        FROM (
            SELECT d.outlet FROM outlet d
            WHERE d.sweep_due <= now() AND (d.waiting > 0 OR EXISTS (SELECT FROM outbox b WHERE b.outlet = d.outlet))
            ORDER BY d.outlet LIMIT $3::int FOR UPDATE SKIP LOCKED) q
        WHERE o.outlet = q.outlet
        RETURNING o.outlet,
            least($1::bigint,
                (SELECT min(p.max_bytes) FROM backlog_policy p WHERE p.project_id = o.project_id)) AS max_bytes,
            least($2::bigint,
                (SELECT min(p.max_seconds) FROM backlog_policy p WHERE p.project_id = o.project_id)) AS max_seconds\
        """;

    /** The more there is, the later it is counted again. */
    private static final String MEASURE = """
        UPDATE outlet o SET waiting = m.waiting, waiting_bytes = m.bytes,
            sweep_due = now() + interval '30 s' + m.waiting * interval '0.05 ms'
        FROM (
            SELECT count(*) AS waiting, coalesce(sum(%s), 0)::bigint AS bytes, min(b.happened) AS oldest
            FROM outbox b WHERE b.outlet = $1::int) m
        WHERE o.outlet = $1::int
        RETURNING m.waiting, m.bytes, m.oldest\
        """.formatted(SIZE);

    /**
     * Reads the front of all lanes. An event of one lane is known to be older than what was not read of the others only up to
     * the edge, the smallest of the last ids.
     */
    private static final String DROP = """
        WITH front AS MATERIALIZED (
            SELECT l.lane, f.id, f.happened, f.size FROM %s AS l (lane)
            CROSS JOIN LATERAL (
                SELECT b.id, b.happened, %s AS size FROM outbox b
                WHERE b.outlet = $1::int AND b.lane = l.lane ORDER BY b.id LIMIT $4::int) f
        ), edge AS (
            SELECT min(e.last) AS id FROM (
                SELECT max(id) AS last FROM front GROUP BY lane HAVING count(*) >= $4::int) e
        ), eldest AS (
            SELECT f.*, sum(f.size) OVER (ORDER BY f.id ROWS UNBOUNDED PRECEDING) - f.size AS before
            FROM front f CROSS JOIN edge WHERE edge.id IS NULL OR f.id <= edge.id
        ), gone AS (
            DELETE FROM outbox b USING eldest e
            WHERE b.outlet = $1::int AND b.lane = e.lane AND b.id = e.id
                AND (e.happened < now() - $2::bigint * interval '1 ms' OR e.before < $3::bigint)
            RETURNING b.action, e.size
        ), noted AS (
            UPDATE outlet SET dropped = dropped + (SELECT count(*) FROM gone), dropped_last = now()
            WHERE outlet = $1::int AND EXISTS (SELECT FROM gone)
        )
        SELECT g.action, count(*) AS events, sum(g.size)::bigint AS bytes,
            (SELECT id IS NOT NULL FROM edge) AND (SELECT count(*) FROM gone) = (SELECT count(*) FROM eldest) AS more
        FROM gone g GROUP BY g.action\
        """.formatted(OutboxInsert.LANES, SIZE);

    private static final String BACKLOGS = """
        SELECT o.outlet, o.waiting, min(f.happened) AS oldest FROM outlet o
        CROSS JOIN %s AS l (lane)
        CROSS JOIN LATERAL (
            SELECT b.happened FROM outbox b WHERE b.outlet = o.outlet AND b.lane = l.lane ORDER BY b.id LIMIT 1) f
        GROUP BY o.outlet, o.waiting\
        """.formatted(OutboxInsert.LANES);

    /** Goes from outlet to outlet by the index. */
    private static final String ORPHANS = """
        WITH RECURSIVE found AS (
            (SELECT b.outlet FROM outbox b ORDER BY b.outlet LIMIT 1)
            UNION ALL
            SELECT (SELECT b.outlet FROM outbox b WHERE b.outlet > f.outlet ORDER BY b.outlet LIMIT 1)
            FROM found f WHERE f.outlet IS NOT NULL
        ), gone AS (
            DELETE FROM outbox b USING (
                SELECT r.* FROM found f CROSS JOIN LATERAL (
                    SELECT r.outlet, r.lane, r.id FROM outbox r WHERE r.outlet = f.outlet LIMIT $1::int) r
                WHERE NOT EXISTS (SELECT FROM outlet o WHERE o.outlet = f.outlet) LIMIT $1::int) q
            WHERE b.outlet = q.outlet AND b.lane = q.lane AND b.id = q.id
            RETURNING 1
        )
        SELECT count(*) FROM gone\
        """;

    private static final String OUTLETS = """
        DELETE FROM outlet o WHERE NOT EXISTS (SELECT FROM rule_action a WHERE a.outlet = o.outlet)
            AND NOT EXISTS (SELECT FROM amqp_queue q WHERE q.outlet = o.outlet)\
        """;

    private static final String PUSHERS = """
        DELETE FROM pusher p WHERE NOT EXISTS (SELECT FROM node n WHERE n.id = p.node)
            OR (p.outlet <> 0 AND NOT EXISTS (SELECT FROM outlet o WHERE o.outlet = p.outlet))\
        """;

    private final Database database;

    BacklogTable(Database database) {
        this.database = database;
    }

    Future<Sweeps> claim(ClaimSweeps q) {
        return database.run(CLAIM, q.maxBytes(), q.maxAge().toSeconds(), q.limit())
                .map(rows -> new Sweeps(Rows.all(
                        rows,
                        row -> new Sweep(
                                row.getInteger("outlet"),
                                row.getLong("max_bytes"),
                                Duration.ofSeconds(row.getLong("max_seconds"))))));
    }

    Future<Measured> measure(int outlet) {
        return database.run(MEASURE, outlet).map(rows -> {
            for (Row row : rows) {
                return new Measured(row.getLong("waiting"), row.getLong("bytes"), Rows.optionalTime(row, "oldest"));
            }
            return new Measured(0, 0, null);
        });
    }

    Future<Dropped> drop(DropOldest q) {
        return database.run(DROP, q.outlet(), q.maxAge().toMillis(), q.bytes(), q.limit())
                .map(rows -> {
                    List<DroppedEvents> events =
                            Rows.all(rows, row -> new DroppedEvents(row.getInteger("action"), row.getLong("events")));
                    long bytes = 0;
                    boolean more = false;
                    for (Row row : rows) {
                        bytes += row.getLong("bytes");
                        more = row.getBoolean("more");
                    }
                    return new Dropped(events, bytes, more);
                });
    }

    Future<Backlogs> select() {
        return database.run(BACKLOGS)
                .map(rows -> new Backlogs(Rows.all(
                        rows,
                        row -> new Backlog(
                                row.getInteger("outlet"), row.getLong("waiting"), Rows.time(row, "oldest")))));
    }

    Future<Collected> collectOrphans(int limit) {
        return database.run(OUTLETS)
                .compose(_ -> database.run(PUSHERS))
                .compose(_ -> database.run(ORPHANS, limit))
                .map(rows -> rows.iterator().next().getLong(0).intValue())
                .map(events -> new Collected(events, events >= limit));
    }
}
