// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.ProjectId;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SpaceRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import org.jspecify.annotations.Nullable;

/** Resource spaces. */
final class SpaceTable {
    private final Database database;

    SpaceTable(Database database) {
        this.database = database;
    }

    /** The project's row is locked, so that spaces inserted at once are counted one after the other. */
    Future<Done> insert(Space space, int maxPerProject) {
        Future<Done> work = database.transaction(
                c -> ProjectTable.lock(c, space.project()).compose(_ -> insert(c, space, maxPerProject)));
        return Violation.UNIQUE.means(twice(space.name()), work);
    }

    static Future<Done> insert(SqlConnection connection, Space space, int maxPerProject) {
        return Database.run(
                        connection,
                        """
                        INSERT INTO space (project_id, space_id, name, is_default, created)
                        SELECT $1::text, $2::text, $3::text, $4::boolean, $5::timestamptz
                        WHERE (SELECT count(*) FROM space WHERE project_id = $1::text) < $6::int\
                        """,
                        space.project().value(),
                        space.id().value(),
                        space.name(),
                        space.isDefault(),
                        Rows.time(space.created()),
                        maxPerProject)
                .compose(rows -> Rows.changed(rows, new Failure.LimitReached("applications", maxPerProject)));
    }

    Future<SpaceRows.Spaces> list(ProjectId project, @Nullable Boolean isDefault) {
        Where where = new Where().and("project_id = ?", project.value()).and("is_default = ?", isDefault);
        return database.run(
                        "SELECT project_id, space_id, name, is_default, created FROM space" + where.sql()
                                + " ORDER BY created, space_id",
                        where.parameters())
                .map(rows -> new SpaceRows.Spaces(Rows.all(rows, SpaceTable::space)));
    }

    Future<Done> rename(ProjectId project, SpaceId id, String name) {
        return Violation.UNIQUE.means(
                twice(name),
                database.run(
                                "UPDATE space SET name = $3 WHERE project_id = $1 AND space_id = $2",
                                project.value(),
                                id.value(),
                                name)
                        .compose(rows -> Rows.changed(rows, new Failure.SpaceNotFound(id))));
    }

    Future<Done> delete(ProjectId project, SpaceId id) {
        return Violation.FOREIGN_KEY.means(
                new Failure.InUse("application", id.value(), "products"),
                database.run("DELETE FROM space WHERE project_id = $1 AND space_id = $2", project.value(), id.value())
                        .compose(rows -> Rows.changed(rows, new Failure.SpaceNotFound(id))));
    }

    private static Failure twice(String name) {
        return new Failure.AlreadyExists("application", name);
    }

    private static Space space(Row row) {
        return new Space(
                new ProjectId(Rows.text(row, "project_id")),
                new SpaceId(Rows.text(row, "space_id")),
                Rows.text(row, "name"),
                row.getBoolean("is_default"),
                Rows.time(row, "created"));
    }
}
