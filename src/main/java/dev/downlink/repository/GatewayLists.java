// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.flags;
import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.ChildPresence;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.SubDevice;
import dev.downlink.protocol.SubDeviceRequest.Change;
import dev.downlink.protocol.SubDeviceRequest.Changes;
import dev.downlink.protocol.SubDeviceRows.SelectChanges;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What hangs below each connection, as a list with versions (southbound §2.7). Changed in the transactions that register,
 * delete or move devices, after the rows of the devices. Who was removed is remembered, {@value #MAX_REMOVED} a connection.
 */
final class GatewayLists {
    private static final int MAX_REMOVED = 1000;
    /** Connections of one statement. */
    private static final int MAX_CONNECTIONS = 64;

    /** Locks the list until the end of the transaction. */
    private static final String COUNT = """
        INSERT INTO gateway_list AS l (connection_id, version)
        VALUES ($1::text, extract(epoch FROM clock_timestamp())::bigint + $2::int)
        ON CONFLICT (connection_id) DO UPDATE SET
            version = greatest(l.version, extract(epoch FROM clock_timestamp())::bigint) + $2::int
        RETURNING version\
        """;

    private static final String ENTER = """
        INSERT INTO gateway_entry (connection_id, device_id, version, removed, parent, node_id, product_id)
        SELECT $1::text, d.device_id, $2::bigint - $4::int + q.place, false, d.parent, d.node_id, p.product_id
        FROM unnest($3::text[]) WITH ORDINALITY AS q (device, place)
        JOIN device d ON d.device_id = q.device
        JOIN product p ON p.record_id = d.product
        ON CONFLICT (connection_id, device_id) DO UPDATE SET version = excluded.version, removed = false,
            parent = excluded.parent, node_id = excluded.node_id, product_id = excluded.product_id\
        """;

    private static final String REMOVE = """
        UPDATE gateway_entry e SET removed = true, version = $2::bigint - $4::int + q.place
        FROM unnest($3::text[]) WITH ORDINALITY AS q (device, place)
        WHERE e.connection_id = $1::text AND e.device_id = q.device\
        """;

    private static final String FORGET = """
        WITH forgotten AS (
            DELETE FROM gateway_entry WHERE connection_id = $1::text AND removed AND version <= (
                SELECT version FROM gateway_entry WHERE connection_id = $1::text AND removed
                ORDER BY version DESC OFFSET $2::int LIMIT 1)
            RETURNING version)
        UPDATE gateway_list SET forgotten = (SELECT max(version) FROM forgotten)
        WHERE connection_id = $1::text AND EXISTS (SELECT FROM forgotten)\
        """;

    private static final String SELECT = """
        SELECT e.*, d.name, d.description, d.extension_info, r.sdk_version, r.sw_version, r.fw_version,
            r.online AS child_online, r.first_online AS child_first_online, r.changed AS child_changed
        FROM unnest($1::text[], $2::bigint[], $3::boolean[], $4::int[]) AS q (connection_id, after, asked, most)
        JOIN gateway_list l ON l.connection_id = q.connection_id
        CROSS JOIN LATERAL (SELECT
            CASE WHEN q.asked AND (q.after < l.forgotten OR q.after > l.version) THEN 0 ELSE q.after END AS after) a
        CROSS JOIN LATERAL (
            SELECT * FROM gateway_entry e
            WHERE e.connection_id = q.connection_id AND e.version > a.after AND NOT (e.removed AND a.after <= 0)
            ORDER BY e.version LIMIT q.most) e
        LEFT JOIN device d ON d.device_id = e.device_id AND NOT e.removed
        LEFT JOIN device_report r ON r.device_id = d.device_id\
        """;

    private final Database database;
    private final Batcher<SelectChanges, Changes> selects;

    GatewayLists(Database database, Batching batching) {
        this.database = database;
        selects = batching.withMaxRows(MAX_CONNECTIONS).of("select_changes", SelectChanges::connection, this::select);
    }

    /** Devices have come below a connection, or have another parent there. */
    static Future<Void> enter(SqlConnection c, String connection, List<String> devices) {
        return count(c, connection, devices)
                .compose(version -> write(c, ENTER, connection, version, devices))
                .mapEmpty();
    }

    /** Devices are not below a connection any more. */
    static Future<Void> remove(SqlConnection c, String connection, List<String> devices) {
        return count(c, connection, devices)
                .compose(version -> write(c, REMOVE, connection, version, devices))
                .compose(_ -> Database.run(c, FORGET, connection, MAX_REMOVED))
                .mapEmpty();
    }

    private static Future<Long> count(SqlConnection c, String connection, List<String> devices) {
        return Database.run(c, COUNT, connection, devices.size())
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private static Future<RowSet<Row>> write(
            SqlConnection c, String sql, String connection, long version, List<String> devices) {
        return Database.run(c, sql, connection, version, devices.toArray(String[]::new), devices.size());
    }

    Future<Changes> select(SelectChanges q) {
        return selects.submit(q);
    }

    private Future<Function<SelectChanges, Changes>> select(List<SelectChanges> batch) {
        return database.run(
                        SELECT,
                        strings(batch, q -> q.connection().value()),
                        longs(batch, SelectChanges::after),
                        flags(batch, SelectChanges::asked),
                        ints(batch, SelectChanges::limit))
                .map(rows -> {
                    Map<String, List<Change>> found = new HashMap<>();
                    rows.forEach(row -> found.computeIfAbsent(Rows.text(row, "connection_id"), _ -> new ArrayList<>())
                            .add(change(row)));
                    return q -> changes(q, found.getOrDefault(q.connection().value(), List.of()));
                });
    }

    private static Changes changes(SelectChanges q, List<Change> found) {
        return new Changes(
                found.stream().sorted(Comparator.comparingLong(Change::version)).toList(), found.size() >= q.limit());
    }

    private static Change change(Row row) {
        return new Change(
                row.getLong("version"),
                new SubDevice(
                        new DeviceId(Rows.text(row, "device_id")),
                        new DeviceId(Rows.text(row, "parent")),
                        new NodeName(Rows.text(row, "node_id")),
                        new ProductId(Rows.text(row, "product_id")),
                        row.getBoolean("removed") ? null : details(row)));
    }

    private static SubDevice.Details details(Row row) {
        String extension = Rows.optional(row, "extension_info");
        return new SubDevice.Details(
                Rows.optional(row, "name"),
                Rows.optional(row, "description"),
                DeviceColumns.versions(row),
                ChildPresence.status(DeviceColumns.child(row)),
                extension == null ? null : new Json(extension));
    }
}
