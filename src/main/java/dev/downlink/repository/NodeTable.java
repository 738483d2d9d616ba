// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.SessionRows.Beaten;
import dev.downlink.protocol.SessionRows.Reaped;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;

/**
 * Nodes and their signs of life, by the database's clock. The sessions of a dead node are found by a scan: an index on the
 * node would make every connect and disconnect dearer.
 */
final class NodeTable {
    private final Database database;

    NodeTable(Database database) {
        this.database = database;
    }

    Future<Beaten> beat(int node, String name) {
        return database.run("""
            INSERT INTO node (id, name, beat) VALUES ($1, $2, now())
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, beat = excluded.beat
            RETURNING xmax = 0\
            """, node, name)
                .map(rows -> new Beaten(rows.iterator().next().getBoolean(0)));
    }

    Future<Reaped> endOrphans() {
        return database.run("""
            UPDATE session SET address = NULL, changed = now(), closed_at = now()
            WHERE address IS NOT NULL AND node NOT IN (SELECT id FROM node)\
            """).map(rows -> new Reaped(0, rows.rowCount()));
    }

    Future<Reaped> reap(int self, String name, Duration silence) {
        return database.transaction(c -> Database.run(c, """
            DELETE FROM node WHERE id <> $1
                AND (name = $2 OR beat < now() - $3::bigint * interval '1 millisecond')
            RETURNING id\
            """, self, name, silence.toMillis())
                .compose(rows -> end(c, Rows.all(rows, row -> row.getInteger(0)).toArray(Integer[]::new))));
    }

    Future<Reaped> reap(int node, Duration silence) {
        return database.transaction(c -> Database.run(c, """
            DELETE FROM node WHERE id = $1 AND beat < now() - $2::bigint * interval '1 millisecond' RETURNING id\
            """, node, silence.toMillis())
                .compose(rows -> end(c, Rows.all(rows, row -> row.getInteger(0)).toArray(Integer[]::new))));
    }

    Future<Reaped> forget(int node) {
        return database.transaction(c ->
                Database.run(c, "DELETE FROM node WHERE id = $1", node).compose(_ -> end(c, new Integer[] {node})));
    }

    private static Future<Reaped> end(SqlConnection connection, Integer[] nodes) {
        if (nodes.length == 0) {
            return Future.succeededFuture(new Reaped(0, 0));
        }
        return Database.run(connection, """
            UPDATE session SET address = NULL, changed = now(), closed_at = now()
            WHERE node = ANY($1::int[]) AND address IS NOT NULL\
            """, (Object) nodes).map(rows -> new Reaped(nodes.length, rows.rowCount()));
    }
}
