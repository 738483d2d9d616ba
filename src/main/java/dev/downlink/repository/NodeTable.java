// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.SessionRows.Beaten;
import dev.downlink.protocol.SessionRows.Reaped;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;

/**
 * Nodes and their signs of life, by the database's clock. The sessions of a dead node are found by a scan: an index on the
 * node would make every connect and disconnect dearer.
 */
final class NodeTable {
    private static final String END = SessionEnds.statement("WHERE s.node = ANY($1::int[])", "$2");
    private static final String END_ORPHANS = SessionEnds.statement("WHERE s.node NOT IN (SELECT id FROM node)", "$1");

    private final Database database;
    private final SessionEnds ends;

    NodeTable(Database database, SessionEnds ends) {
        this.database = database;
        this.ends = ends;
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
        return database.run(END_ORPHANS, ends.patienceMillis()).map(rows -> new Reaped(0, count(rows)));
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

    private Future<Reaped> end(SqlConnection connection, Integer[] nodes) {
        return nodes.length == 0
                ? Future.succeededFuture(new Reaped(0, 0))
                : Database.run(connection, END, nodes, ends.patienceMillis())
                        .map(rows -> new Reaped(nodes.length, count(rows)));
    }

    private static int count(RowSet<Row> rows) {
        return rows.iterator().next().getLong(0).intValue();
    }
}
