// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.MessageError;
import dev.downlink.protocol.MessageRows.Expired;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

/**
 * Ends messages whose time is over, in order of the time, and remembers up to when all are ended. That holds for ever:
 * nothing appears behind it, since a row's time is over only after its statement and the statement's commit had longer
 * than they may take ({@link MessageTable}).
 */
final class MessageExpiry {
    /**
     * Also reads those that are due and have ended otherwise: the status is in no index. Who finds the sweep locked takes
     * nothing. A message that another statement has just ended stays as it is: its row is looked at again when it is locked.
     */
    static final String EXPIRE = """
        WITH sweep AS MATERIALIZED (
            SELECT swept_until FROM message_sweep FOR UPDATE SKIP LOCKED
        ), due AS MATERIALIZED (
            SELECT m.connection_id, m.child_id, m.message_id, m.state, m.expires_at FROM message m
            WHERE m.expires_at > (SELECT swept_until FROM sweep) AND m.expires_at <= now()
            ORDER BY m.expires_at FETCH FIRST ($1::int) ROWS WITH TIES
        ), ended AS (
            UPDATE message m SET state = 3, error = coalesce(m.error, '%s'), finished = now(),
                timeline = m.timeline || E'X\\n'
            FROM (SELECT * FROM due WHERE state = 0 ORDER BY connection_id, child_id, message_id) d
            WHERE m.connection_id = d.connection_id AND m.child_id = d.child_id AND m.message_id = d.message_id
                AND m.state = 0
            RETURNING m.connection_id, m.child_id, m.message_id, m.name, m.topic, m.topic_full_name, m.error,
                m.expires_at, m.sequence
        ), event AS (
            %s
        ), moved AS (
            UPDATE message_sweep s SET swept_until = d.until
            FROM (SELECT CASE WHEN count(*) < $1::int THEN now() ELSE max(expires_at) END AS until FROM due
                HAVING count(*) > 0) d
            WHERE s.swept_until < d.until
        )
        SELECT (SELECT count(*) FROM ended) AS ended, (SELECT count(*) FROM due) AS due\
        """.formatted(MessageError.EXPIRED, StatusEvents.insert("""
            SELECT connection_id, child_id, message_id, name, topic, topic_full_name, 'TIMEOUT' AS status, error
            FROM ended ORDER BY expires_at, sequence\
            """));

    private final Database database;

    MessageExpiry(Database database) {
        this.database = database;
    }

    Future<Expired> expire(int limit) {
        return database.run(EXPIRE, limit).map(rows -> {
            Row row = rows.iterator().next();
            return new Expired(row.getLong("ended").intValue(), row.getLong("due") >= limit);
        });
    }
}
