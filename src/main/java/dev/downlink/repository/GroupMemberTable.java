// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.RecordId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.GroupRequest.GroupDevice;
import dev.downlink.protocol.GroupRequest.GroupDevices;
import dev.downlink.protocol.GroupRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;

/** Which devices static groups hold; the rows go with group and device. */
final class GroupMemberTable {
    private static final String INSERT = """
        INSERT INTO device_group_member (group_id, record_id, device_id)
        SELECT g.group_id, d.record_id, d.device_id
        FROM device_group g JOIN device d ON d.project_id = g.project_id AND d.space_id = g.space_id
        WHERE g.group_id = $1::text AND d.device_id = $2::text
        ON CONFLICT DO NOTHING\
        """;

    private static final String COUNTS = """
        SELECT (SELECT count(*) FROM device_group_member WHERE group_id = $1::text) AS devices,
            (SELECT count(*) FROM device_group_member WHERE device_id = $2::text) AS groups,
            EXISTS (SELECT FROM device_group_member WHERE group_id = $1::text AND device_id = $2::text) AS held\
        """;

    private static final String LIST = """
        SELECT m.record_id, m.device_id, d.node_id, d.name, p.product_id
        FROM device_group_member m
        JOIN device d ON d.device_id = m.device_id
        JOIN product p ON p.record_id = d.product
        WHERE m.group_id = $1::text AND d.project_id = $2::text AND m.record_id < $3::text
        ORDER BY m.record_id DESC LIMIT $4::int OFFSET $5::int\
        """;

    private final Database database;

    GroupMemberTable(Database database) {
        this.database = database;
    }

    /** Group and device are locked, so that all that is put into it, or it is put into, at once is counted. */
    Future<Done> insert(GroupRows.InsertMember q) {
        return database.transaction(c -> lock(c, q)
                .compose(_ -> DeviceTable.lock(c, q.project(), q.device()))
                .compose(_ ->
                        Database.run(c, INSERT, q.group().value(), q.device().value()))
                .compose(_ ->
                        Database.run(c, COUNTS, q.group().value(), q.device().value()))
                .map(rows -> checked(rows.iterator().next(), q)));
    }

    private static Future<Done> lock(SqlConnection connection, GroupRows.InsertMember q) {
        return Database.run(
                        connection,
                        "SELECT 1 FROM device_group WHERE group_id = $1 AND project_id = $2 AND rule IS NULL"
                                + " FOR NO KEY UPDATE",
                        q.group().value(),
                        q.project().value())
                .compose(rows -> Rows.changed(rows, GroupTable.notFound(q.group())));
    }

    private static Done checked(Row counts, GroupRows.InsertMember q) {
        if (!counts.getBoolean("held")) {
            throw new Failed(new Failure.DeviceNotFound(q.device()));
        }
        if (counts.getLong("devices") > q.maxDevices()) {
            throw new Failed(new Failure.LimitReached("devices in a group", q.maxDevices()));
        }
        if (counts.getLong("groups") > q.maxPerDevice()) {
            throw new Failed(new Failure.LimitReached("groups of a device", q.maxPerDevice()));
        }
        return Done.DONE;
    }

    Future<Done> delete(GroupRows.DeleteMember q) {
        return database.run(
                        """
                        DELETE FROM device_group_member m USING device_group g
                        WHERE m.group_id = $1::text AND m.device_id = $2::text AND g.group_id = m.group_id
                            AND g.project_id = $3::text\
                        """, q.group().value(), q.device().value(), q.project().value())
                .map(Done.DONE);
    }

    Future<GroupDevices> list(GroupRows.ListMembers q) {
        var rows = database.run(
                LIST,
                q.group().value(),
                q.project().value(),
                q.page().marker().value(),
                q.page().limit(),
                q.page().offset());
        if (!q.counted()) {
            return rows.map(found -> new GroupDevices(Rows.all(found, GroupMemberTable::device), null));
        }
        var count = database.run(
                "SELECT count(*) FROM device_group_member WHERE group_id = $1",
                q.group().value());
        return Future.all(rows, count)
                .map(_ -> new GroupDevices(
                        Rows.all(rows.result(), GroupMemberTable::device),
                        count.result().iterator().next().getLong(0)));
    }

    private static GroupDevice device(Row row) {
        return new GroupDevice(
                new RecordId(Rows.text(row, "record_id")),
                new DeviceId(Rows.text(row, "device_id")),
                new NodeName(Rows.text(row, "node_id")),
                Rows.optional(row, "name"),
                new ProductId(Rows.text(row, "product_id")));
    }
}
