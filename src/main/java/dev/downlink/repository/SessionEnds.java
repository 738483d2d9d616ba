// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.SessionRows.ToldAbsent;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * How sessions end, and what rules are told of it: OFFLINE in the same statement; or, when they are to hear only of devices
 * that stay away for a time, a row in the table of absences, which a sweep turns into OFFLINE unless the device came back.
 */
final class SessionEnds {
    /** Whoever comes first locks the session's row: the sweep, or a connect, after which the epoch is another one. */
    private static final String TELL = """
        WITH due AS MATERIALIZED (
            SELECT device_id, epoch FROM absence WHERE due <= now() ORDER BY due LIMIT $1::int FOR UPDATE SKIP LOCKED
        ), over AS (
            DELETE FROM absence a USING due WHERE a.device_id = due.device_id AND a.epoch = due.epoch
        ), told AS (
            UPDATE session s SET told = 0 FROM (SELECT * FROM due ORDER BY device_id) q
            WHERE s.device_id = q.device_id AND s.epoch = q.epoch AND s.address IS NULL AND s.told <> 0
            RETURNING s.device_id, s.last_online, s.changed
        ), event AS (
            %s
        )
        SELECT (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM due) AS due\
        """.formatted(offline("told"));

    private final Database database;
    private final long patienceMillis;

    /** @param patience how long a device has to stay away before rules hear of it; zero: they hear of it at once */
    SessionEnds(Database database, Duration patience) {
        this.database = database;
        patienceMillis = patience.toMillis();
    }

    /** The parameter that {@link #statement} needs. */
    long patienceMillis() {
        return patienceMillis;
    }

    /**
     * A statement that ends sessions and answers their number.
     *
     * @param which the rest of an update of {@code session s}: FROM and WHERE
     * @param patience the place of the parameter
     */
    static String statement(String which, String patience) {
        return """
            WITH ended AS (
                UPDATE session s SET address = NULL, last_online = s.changed, changed = now(), closed_at = now(),
                    told = CASE WHEN %1$s::bigint > 0 AND %2$s THEN s.told ELSE 0 END
                %3$s AND s.address IS NOT NULL
                RETURNING s.device_id, s.epoch, s.told, s.last_online, s.changed
            ), absent AS (
                INSERT INTO absence (device_id, epoch, due)
                SELECT device_id, epoch, now() + %1$s::bigint * interval '1 millisecond' FROM ended WHERE told <> 0
                ON CONFLICT (device_id, epoch) DO UPDATE SET due = excluded.due
            ), event AS (
                %4$s
            )
            SELECT count(*) FROM ended\
            """.formatted(patience, PresenceEvents.ASKED, which, offline("ended WHERE told = 0"));
    }

    private static String offline(String from) {
        return PresenceEvents.insert("SELECT device_id, 'OFFLINE' AS status, last_online, changed FROM " + from);
    }

    /** Any node may do it: what another one has locked is left to it. */
    Future<ToldAbsent> tell(int limit) {
        return database.run(TELL, limit).map(rows -> {
            var row = rows.iterator().next();
            return new ToldAbsent(row.getLong("told").intValue(), row.getLong("due") >= limit);
        });
    }
}
