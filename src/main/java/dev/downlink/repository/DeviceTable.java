// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes, changes and deletes devices, with all that hangs on one; secrets are sealed. {@link DeviceReads} reads them. */
final class DeviceTable {
    private static final String INSERT = DeviceEvents.with(Subject.DEVICE_CREATED, """
        INSERT INTO device (device_id, record_id, project_id, space_id, product, node_id, parent, name,
            description, auth_type, secret, secondary_secret, fingerprint, secondary_fingerprint,
            secure_access, timeout_seconds, unused_until, extension_info, frozen, created, version)
        SELECT $1::text, $2::text, p.project_id, p.space_id, p.record_id, $6::text, $7::text, $8::text,
            $9::text, $10::text, $11::text, $12::text, $13::text, $14::text, $15::boolean, $16::int,
            $17::timestamptz, $18::text, $19::boolean, $20::timestamptz, $21::int
        FROM product p WHERE p.project_id = $3::text AND p.space_id = $4::text AND p.product_id = $5::text
        RETURNING *\
        """);

    private static final String UPDATE = DeviceEvents.with(Subject.DEVICE_UPDATED, """
        UPDATE device SET name = $3, description = $4, secret = $5, secondary_secret = $6, fingerprint = $7,
            secondary_fingerprint = $8, secure_access = $9, timeout_seconds = $10, unused_until = $11,
            extension_info = $12, frozen = $13, auth_type = $14, version = version + 1
        WHERE device_id = $1 AND version = $2
        RETURNING *\
        """);

    private static final String DELETE =
            DeviceEvents.with(Subject.DEVICE_DELETED, "DELETE FROM device WHERE device_id = $1 RETURNING *");

    private static final String DELETE_UNUSED = DeviceEvents.with(Subject.DEVICE_DELETED, """
        DELETE FROM device WHERE device_id IN (
            SELECT d.device_id FROM device d WHERE d.unused_until < $1
                AND NOT EXISTS (SELECT FROM session s WHERE s.device_id = d.device_id)
                AND NOT EXISTS (SELECT FROM device child WHERE child.parent = d.device_id)
            ORDER BY d.unused_until LIMIT $2::int FOR UPDATE SKIP LOCKED)
        RETURNING *\
        """);

    private final Database database;
    private final DeviceColumns columns;

    DeviceTable(Database database, Vault vault) {
        this.database = database;
        columns = new DeviceColumns(vault);
    }

    Future<Done> insert(Device device, List<DeviceRequest.Desired> shadow) {
        Future<Done> work = database.transaction(c -> insert(c, device)
                .compose(_ -> insertShadow(c, device.id(), shadow))
                .compose(_ -> enterList(c, device))
                .compose(_ -> forgetMessages(c, device.id(), device.parent())));
        return Violation.FOREIGN_KEY.means(
                constraint -> missing(device, constraint),
                Violation.UNIQUE.means(new Failure.DeviceExists(device.id()), work));
    }

    private static Failure missing(Device device, String constraint) {
        DeviceId parent = device.parent();
        return parent != null && constraint.contains("parent")
                ? new Failure.DeviceNotFound(parent)
                : new Failure.ProductNotFound(device.product());
    }

    private Future<Done> insert(SqlConnection connection, Device device) {
        AuthInfo auth = device.auth();
        DeviceId parent = device.parent();
        Json extension = device.extensionInfo();
        return Database.run(
                        connection,
                        INSERT,
                        device.id().value(),
                        device.recordId().value(),
                        device.project().value(),
                        device.space().value(),
                        device.product().value(),
                        device.node().value(),
                        parent == null ? null : parent.value(),
                        device.name(),
                        device.description(),
                        auth.type().name(),
                        columns.seal(auth.secret()),
                        columns.seal(auth.secondarySecret()),
                        auth.fingerprint(),
                        auth.secondaryFingerprint(),
                        auth.secureAccess(),
                        auth.timeoutSeconds(),
                        unusedUntil(device),
                        extension == null ? null : extension.text(),
                        device.frozen(),
                        Rows.time(device.created()),
                        device.version())
                .compose(rows -> Rows.changed(rows, new Failure.ProductNotFound(device.product())));
    }

    private static Future<Done> insertShadow(
            SqlConnection connection, DeviceId id, List<DeviceRequest.Desired> shadow) {
        if (shadow.isEmpty()) {
            return Future.succeededFuture(Done.DONE);
        }
        return Database.run(
                        connection,
                        """
                        INSERT INTO shadow (device_id, service_id, desired, desired_at, version)
                        SELECT $1::text, q.service, q.desired::jsonb, now(), 0
                        FROM unnest($2::text[], $3::text[]) AS q (service, desired)\
                        """,
                        id.value(),
                        shadow.stream().map(DeviceRequest.Desired::serviceId).toArray(String[]::new),
                        shadow.stream().map(d -> d.properties().text()).toArray(String[]::new))
                .map(Done.DONE);
    }

    /** The parent cannot be moved from now on, so here it is seen whether it has been while it was looked at before. */
    private static Future<?> enterList(SqlConnection connection, Device device) {
        DeviceId parent = device.parent();
        if (parent == null) {
            return Future.succeededFuture();
        }
        return Database.run(connection, """
            SELECT coalesce(g.device_id, p.device_id) AS connection_id, g.parent AS too_far
            FROM device p LEFT JOIN device g ON g.device_id = p.parent WHERE p.device_id = $1\
            """, parent.value()).compose(rows -> {
            Row row = rows.iterator().next();
            return Rows.optional(row, "too_far") == null
                    ? GatewayLists.enter(
                            connection,
                            Rows.text(row, "connection_id"),
                            List.of(device.id().value()))
                    : Future.failedFuture(new Failed(new Failure.Conflict("device", parent.value())));
        });
    }

    /** Only a device that connects by itself can use its registration. */
    private static @Nullable OffsetDateTime unusedUntil(Device device) {
        int timeout = device.auth().timeoutSeconds();
        return timeout == 0 || !device.connectsByItself()
                ? null
                : Rows.time(device.created().plusSeconds(timeout));
    }

    Future<Done> update(Device device) {
        AuthInfo auth = device.auth();
        Json extension = device.extensionInfo();
        return database.run(
                        UPDATE,
                        device.id().value(),
                        device.version(),
                        device.name(),
                        device.description(),
                        columns.seal(auth.secret()),
                        columns.seal(auth.secondarySecret()),
                        auth.fingerprint(),
                        auth.secondaryFingerprint(),
                        auth.secureAccess(),
                        auth.timeoutSeconds(),
                        unusedUntil(device),
                        extension == null ? null : extension.text(),
                        device.frozen(),
                        auth.type().name())
                .compose(rows -> rows.rowCount() > 0 ? Future.succeededFuture(Done.DONE) : stale(device.id()));
    }

    private Future<Done> stale(DeviceId id) {
        return database.run("SELECT 1 FROM device WHERE device_id = $1", id.value())
                .compose(rows -> Future.failedFuture(new Failed(
                        rows.size() == 0
                                ? new Failure.DeviceNotFound(id)
                                : new Failure.Conflict("device", id.value()))));
    }

    Future<Done> delete(DeviceId id) {
        return Violation.FOREIGN_KEY.means(
                new Failure.InUse("device", id.value(), "sub-devices"),
                database.transaction(c -> Database.run(c, DELETE, id.value())
                        .compose(rows -> rows.size() == 0
                                ? Future.failedFuture(new Failed(new Failure.DeviceNotFound(id)))
                                : forgetChild(c, id, parent(rows)))));
    }

    private static Future<Done> forgetChild(SqlConnection connection, DeviceId id, @Nullable DeviceId parent) {
        Future<?> left = parent == null ? Future.succeededFuture() : leaveList(connection, id, parent);
        return left.compose(_ -> forgetMessages(connection, id, parent));
    }

    private static Future<?> leaveList(SqlConnection connection, DeviceId id, DeviceId parent) {
        return Database.run(
                        connection,
                        "SELECT coalesce(parent, device_id) FROM device WHERE device_id = $1",
                        parent.value())
                .compose(rows ->
                        GatewayLists.remove(connection, rows.iterator().next().getString(0), List.of(id.value())));
    }

    /**
     * Messages are not bound to the row of their device, so that storing one does not lock it: one may be stored while its
     * device is being deleted. Such a row is seen by nobody, and gone before another device has the id.
     */
    private static Future<Done> forgetMessages(SqlConnection connection, DeviceId id, @Nullable DeviceId parent) {
        Future<?> own = MessageTable.forget(connection, List.of(id.value()));
        if (parent == null) {
            return own.map(Done.DONE);
        }
        return own.compose(
                        _ -> Database.run(connection, "SELECT parent FROM device WHERE device_id = $1", parent.value()))
                .compose(rows -> MessageTable.forget(connection, gateways(parent, rows), id.value()))
                .map(Done.DONE);
    }

    private static @Nullable DeviceId parent(RowSet<Row> device) {
        String parent = Rows.optional(device.iterator().next(), "parent");
        return parent == null ? null : new DeviceId(parent);
    }

    /** The gateway above a device and the one above that. */
    private static List<String> gateways(DeviceId parent, RowSet<Row> above) {
        List<String> gateways = new ArrayList<>(List.of(parent.value()));
        above.forEach(row -> {
            String next = Rows.optional(row, "parent");
            if (next != null) {
                gateways.add(next);
            }
        });
        return gateways;
    }

    /** Keeps others from changing what belongs to the device until the transaction ends; they may still use the device. */
    static Future<Done> lock(SqlConnection connection, ProjectId project, DeviceId id) {
        return Database.run(
                        connection,
                        "SELECT 1 FROM device WHERE device_id = $1 AND project_id = $2 FOR NO KEY UPDATE",
                        id.value(),
                        project.value())
                .compose(rows -> Rows.changed(rows, new Failure.DeviceNotFound(id)));
    }

    /** First those that were used lose their date, so that they are not looked at again and again. */
    Future<DeviceRows.Deleted> deleteUnused(Instant now, int limit) {
        return database.transaction(c -> Database.run(c, """
            UPDATE device d SET unused_until = NULL WHERE d.unused_until < $1
                AND EXISTS (SELECT FROM session s WHERE s.device_id = d.device_id)\
            """, Rows.time(now))
                .compose(_ -> Database.run(c, DELETE_UNUSED, Rows.time(now), limit))
                .map(rows -> Rows.all(rows, row -> row.getString(0)))
                .compose(ids -> MessageTable.forget(c, ids)
                        .map(_ -> new DeviceRows.Deleted(
                                ids.stream().map(DeviceId::new).toList()))));
    }
}
