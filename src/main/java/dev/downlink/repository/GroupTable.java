// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.GroupRequest.GroupView;
import dev.downlink.protocol.GroupRequest.Groups;
import dev.downlink.protocol.GroupRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import org.jspecify.annotations.Nullable;

/** Device groups. */
final class GroupTable {
    private static final String COLUMNS =
            "g.record_id, g.project_id, g.space_id, g.group_id, g.name, g.description, g.super_group, g.rule,"
                    + " g.created";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM device_group g";

    private static final String INSERT = """
        INSERT INTO device_group (group_id, record_id, project_id, space_id, name, description, super_group, rule, created,
            modified)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)\
        """;

    private static final String UPDATE = """
        UPDATE device_group g SET name = coalesce($3::text, g.name), description = coalesce($4::text, g.description),
            modified = $5::timestamptz
        WHERE g.group_id = $1::text AND g.project_id = $2::text
        RETURNING %s\
        """.formatted(COLUMNS);

    private final Database database;

    GroupTable(Database database) {
        this.database = database;
    }

    /** The project's row is locked, so that groups inserted at once are counted one after the other. */
    Future<Done> insert(GroupRows.InsertGroup q) {
        DeviceGroup group = q.group();
        Future<Done> work = database.transaction(c -> ProjectTable.lock(c, group.project())
                .compose(_ -> insert(c, group))
                .compose(_ -> checkCount(c, q)));
        Failure gone = new Failure.NotFound("device group or its space", group.name());
        return Violation.FOREIGN_KEY.means(gone, Violation.UNIQUE.means(twice(group.name()), work));
    }

    private static Future<?> insert(SqlConnection connection, DeviceGroup group) {
        GroupId above = group.superGroup();
        return Database.run(
                connection,
                INSERT,
                group.id().value(),
                group.recordId().value(),
                group.project().value(),
                group.space().value(),
                group.name(),
                group.description(),
                above == null ? null : above.value(),
                group.rule(),
                Rows.time(group.created()));
    }

    private static Future<Done> checkCount(SqlConnection connection, GroupRows.InsertGroup q) {
        return Database.run(
                        connection,
                        "SELECT count(*), count(rule) FROM device_group WHERE project_id = $1",
                        q.group().project().value())
                .map(rows -> {
                    Row counts = rows.iterator().next();
                    if (counts.getLong(0) > q.maxPerProject()) {
                        throw new Failed(new Failure.LimitReached("device groups", q.maxPerProject()));
                    }
                    if (q.group().isDynamic() && counts.getLong(1) > q.maxDynamic()) {
                        throw new Failed(new Failure.LimitReached("dynamic device groups", q.maxDynamic()));
                    }
                    return Done.DONE;
                });
    }

    Future<GroupView> select(ProjectId project, GroupId id) {
        return database.run(SELECT + " WHERE g.group_id = $1 AND g.project_id = $2", id.value(), project.value())
                .map(rows -> Rows.one(rows, GroupTable::view, notFound(id)));
    }

    Future<GroupView> update(GroupRows.UpdateGroupRow q) {
        Future<GroupView> work = database.run(
                        UPDATE, q.id().value(), q.project().value(), q.name(), q.description(), Rows.time(q.now()))
                .map(rows -> Rows.one(rows, GroupTable::view, notFound(q.id())));
        return Violation.UNIQUE.means(twice(String.valueOf(q.name())), work);
    }

    Future<Done> delete(ProjectId project, GroupId id) {
        Failure inUse = new Failure.InUse("device group", id.value(), "groups that are part of it");
        return Violation.FOREIGN_KEY.means(
                inUse,
                database.run(
                                "DELETE FROM device_group WHERE group_id = $1 AND project_id = $2",
                                id.value(),
                                project.value())
                        .compose(rows -> Rows.changed(rows, notFound(id))));
    }

    Future<GroupRows.GroupPage> list(GroupRows.ListGroups q) {
        GroupRows.Filter filter = q.filter();
        SpaceId space = filter.space();
        Where where = new Where()
                .and("g.project_id = ?", q.project().value())
                .and("g.space_id = ?", space == null ? null : space.value())
                .and("(g.rule IS NOT NULL) = ?", filter.dynamic())
                .and("g.name = ?", filter.name())
                .and("g.modified >= ?", filter.modifiedFrom() == null ? null : Rows.time(filter.modifiedFrom()));
        Where page = where.page("g.record_id", q.page());
        var count = database.run("SELECT count(*) FROM device_group g" + where.sql(), where.parameters());
        var rows = database.run(SELECT + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ -> new GroupRows.GroupPage(
                        Rows.all(rows.result(), GroupTable::group),
                        count.result().iterator().next().getLong(0)));
    }

    Future<Groups> selectDynamic(ProjectId project) {
        return database.run(
                        SELECT + " WHERE g.project_id = $1 AND g.rule IS NOT NULL ORDER BY g.record_id DESC",
                        project.value())
                .map(rows -> new Groups(Rows.all(rows, GroupTable::group)));
    }

    /** The static groups that hold a device. */
    Future<Groups> of(ProjectId project, DeviceId device) {
        return database.run(
                        SELECT + " JOIN device_group_member m ON m.group_id = g.group_id"
                                + " WHERE m.device_id = $1 AND g.project_id = $2 ORDER BY g.record_id DESC",
                        device.value(),
                        project.value())
                .map(rows -> new Groups(Rows.all(rows, GroupTable::group)));
    }

    static Failure notFound(GroupId id) {
        return new Failure.NotFound("device group", id.value());
    }

    private static Failure twice(String name) {
        return new Failure.AlreadyExists("device group", name);
    }

    private static GroupView view(Row row) {
        return new GroupView(group(row));
    }

    private static DeviceGroup group(Row row) {
        return new DeviceGroup(
                new RecordId(Rows.text(row, "record_id")),
                new ProjectId(Rows.text(row, "project_id")),
                new SpaceId(Rows.text(row, "space_id")),
                new GroupId(Rows.text(row, "group_id")),
                Rows.text(row, "name"),
                Rows.optional(row, "description"),
                above(Rows.optional(row, "super_group")),
                Rows.optional(row, "rule"),
                Rows.time(row, "created"));
    }

    private static @Nullable GroupId above(@Nullable String id) {
        return id == null ? null : new GroupId(id);
    }
}
