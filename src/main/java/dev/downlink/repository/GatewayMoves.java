// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SubDeviceRows.Collected;
import dev.downlink.protocol.SubDeviceRows.MoveDevice;
import dev.downlink.protocol.SubDeviceRows.Moved;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sub-devices that get another gateway, with the messages that are kept for them.
 *
 * <p>Storing a message locks no device, so one may be stored with the old connection while its device moves. That one is
 * collected later: both connections are noted in the transaction of the move, and looked at again when every statement that
 * was running then is over.
 */
final class GatewayMoves {
    /** Moves of a project go one after the other, so that two of them cannot make a circle. */
    private static final String ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('gateways ' || $1, 0))";

    /** Nobody can register a device below this one from now on. */
    private static final String LOCK = """
        SELECT coalesce(p.parent, p.device_id) AS connection_id FROM device d JOIN device p ON p.device_id = d.parent
        WHERE d.device_id = $1 AND d.version = $2 AND d.parent = $3 FOR UPDATE OF d\
        """;

    private static final String GATEWAY = """
        SELECT coalesce(parent, device_id) AS connection_id FROM device
        WHERE device_id = $1 AND parent IS NOT DISTINCT FROM $2::text\
        """;

    private static final String CHILDREN = "SELECT device_id FROM device WHERE parent = $1 ORDER BY record_id";

    private static final String MOVE = DeviceEvents.with(
            Subject.DEVICE_UPDATED,
            "UPDATE device SET parent = $2, version = version + 1 WHERE device_id = $1 RETURNING *");

    /** In order of keys, as all that touches several messages; one with an id that is there already stays. */
    private static final String MOVE_MESSAGES = """
        WITH l AS MATERIALIZED (
            SELECT m.connection_id, m.child_id, m.message_id FROM message m
            WHERE m.connection_id = $1::text AND m.child_id = ANY($3::text[])
                AND NOT EXISTS (
                    SELECT FROM message o WHERE o.connection_id = $2::text
                        AND o.child_id = m.child_id AND o.message_id = m.message_id)
            ORDER BY m.connection_id, m.child_id, m.message_id FOR UPDATE)
        UPDATE message m SET connection_id = $2::text FROM l
        WHERE m.connection_id = l.connection_id AND m.child_id = l.child_id AND m.message_id = l.message_id\
        """;

    private static final String NOTE = """
        INSERT INTO gateway_move (connection_id, since)
        SELECT q.id, clock_timestamp() FROM unnest($1::text[]) AS q (id) ORDER BY q.id COLLATE "C"
        ON CONFLICT (connection_id) DO UPDATE SET since = excluded.since\
        """;

    private static final String DUE = """
        SELECT connection_id FROM gateway_move WHERE since < now() - $1::bigint * interval '1 millisecond'
        ORDER BY since LIMIT $2::int FOR UPDATE SKIP LOCKED\
        """;

    /** Messages of devices that are below another connection now. */
    private static final String COLLECT = """
        WITH l AS MATERIALIZED (
            SELECT m.connection_id, m.child_id, m.message_id, coalesce(p.parent, p.device_id) AS now_with
            FROM message m
            JOIN device d ON d.device_id = m.child_id
            JOIN device p ON p.device_id = d.parent
            WHERE m.connection_id = ANY($1::text[]) AND m.child_id <> ''
                AND coalesce(p.parent, p.device_id) <> m.connection_id
                AND NOT EXISTS (
                    SELECT FROM message o WHERE o.connection_id = coalesce(p.parent, p.device_id)
                        AND o.child_id = m.child_id AND o.message_id = m.message_id)
            ORDER BY m.connection_id, m.child_id, m.message_id FOR UPDATE OF m)
        UPDATE message m SET connection_id = l.now_with FROM l
        WHERE m.connection_id = l.connection_id AND m.child_id = l.child_id AND m.message_id = l.message_id
        RETURNING l.now_with\
        """;

    private final Database database;
    private final Duration grace;

    /** @param grace after which a statement that was running is over */
    GatewayMoves(Database database, Duration grace) {
        this.database = database;
        this.grace = grace;
    }

    Future<Moved> move(MoveDevice q) {
        return Violation.FOREIGN_KEY.means(
                new Failure.DeviceNotFound(q.gateway().id()), database.transaction(c -> move(c, q)));
    }

    private static Future<Moved> move(SqlConnection c, MoveDevice q) {
        String device = q.device().id().value();
        DeviceId parent = q.device().parent();
        DeviceId above = q.gateway().parent();
        String gateway = q.gateway().id().value();
        return Database.run(c, ONE_AT_A_TIME, q.device().project().value())
                .compose(_ ->
                        Database.run(c, LOCK, device, q.device().version(), parent == null ? null : parent.value()))
                .compose(from -> Database.run(c, GATEWAY, gateway, above == null ? null : above.value())
                        .compose(to ->
                                Database.run(c, CHILDREN, device).compose(children -> move(c, q, from, to, children))));
    }

    private static Future<Moved> move(
            SqlConnection c, MoveDevice q, RowSet<Row> from, RowSet<Row> to, RowSet<Row> children) {
        if (from.size() == 0 || to.size() == 0 || (children.size() > 0) != q.parent()) {
            return Future.failedFuture(
                    new Failed(new Failure.Conflict("device", q.device().id().value())));
        }
        List<String> moved = new ArrayList<>(List.of(q.device().id().value()));
        children.forEach(row -> moved.add(row.getString(0)));
        Moved answer = new Moved(connection(from), connection(to));
        return Database.run(c, MOVE, q.device().id().value(), q.gateway().id().value())
                .compose(_ -> answer.from().equals(answer.to())
                        ? GatewayLists.enter(c, answer.to().value(), moved.subList(0, 1))
                        : follow(c, answer.from().value(), answer.to().value(), moved))
                .map(_ -> answer);
    }

    private static DeviceId connection(RowSet<Row> rows) {
        return new DeviceId(Rows.text(rows.iterator().next(), "connection_id"));
    }

    /** Lists and messages of the two connections, each in order of their keys. */
    private static Future<Void> follow(SqlConnection c, String from, String to, List<String> devices) {
        Future<Void> lists = from.compareTo(to) < 0
                ? GatewayLists.remove(c, from, devices).compose(_ -> GatewayLists.enter(c, to, devices))
                : GatewayLists.enter(c, to, devices).compose(_ -> GatewayLists.remove(c, from, devices));
        return lists.compose(_ -> Database.run(c, MOVE_MESSAGES, from, to, (Object) devices.toArray(String[]::new)))
                .compose(_ -> Database.run(c, NOTE, (Object) new String[] {from, to}))
                .mapEmpty();
    }

    /** Any node may do it: what another one has locked is left to it. */
    Future<Collected> collect(int limit) {
        return database.transaction(c -> Database.run(c, DUE, grace.toMillis(), limit)
                .map(rows -> Rows.all(rows, row -> row.getString(0)))
                .compose(due -> due.isEmpty()
                        ? Future.succeededFuture(new Collected(List.of(), false))
                        : collect(c, due).map(found -> new Collected(found, due.size() >= limit))));
    }

    private static Future<List<DeviceId>> collect(SqlConnection c, List<String> due) {
        Object connections = due.toArray(String[]::new);
        return Database.run(c, COLLECT, connections)
                .map(rows -> {
                    Set<String> all = new LinkedHashSet<>(due);
                    all.addAll(Rows.all(rows, row -> row.getString(0)));
                    return all.stream().map(DeviceId::new).toList();
                })
                .compose(found -> Database.run(
                                c, "DELETE FROM gateway_move WHERE connection_id = ANY($1::text[])", connections)
                        .map(_ -> found));
    }
}
