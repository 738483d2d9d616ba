// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Space;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;

/** Projects. */
final class ProjectTable {
    private final Database database;

    ProjectTable(Database database) {
        this.database = database;
    }

    /** Makes whoever else changes what belongs to the project wait for the end of this transaction. */
    static Future<Done> lock(SqlConnection connection, ProjectId id) {
        return Database.run(connection, "SELECT 1 FROM project WHERE project_id = $1 FOR NO KEY UPDATE", id.value())
                .map(rows -> Rows.one(rows, _ -> Done.DONE, notFound(id.value())));
    }

    Future<Done> insert(Project project, Space defaultSpace) {
        Future<Done> work = database.transaction(c -> Database.run(
                        c,
                        "INSERT INTO project (project_id, name, created) VALUES ($1, $2, $3)",
                        project.id().value(),
                        project.name(),
                        Rows.time(project.created()))
                .compose(_ -> SpaceTable.insert(c, defaultSpace, Integer.MAX_VALUE))
                .map(Done.DONE));
        return Violation.UNIQUE.means(new Failure.AlreadyExists("project", project.name()), work);
    }

    Future<AccountRequest.ProjectView> select(String idOrName) {
        return database.run(
                        "SELECT project_id, name, created FROM project WHERE project_id = $1 OR name = $1"
                                + " ORDER BY project_id = $1 DESC LIMIT 1",
                        idOrName)
                .map(rows -> Rows.one(rows, row -> new AccountRequest.ProjectView(project(row)), notFound(idOrName)));
    }

    Future<AccountRequest.Projects> selectAll() {
        return database.run("SELECT project_id, name, created FROM project ORDER BY created, project_id")
                .map(rows -> new AccountRequest.Projects(Rows.all(rows, ProjectTable::project)));
    }

    /** Rules go first, because their actions hold the outlets that go with the project. */
    Future<Done> delete(ProjectId id) {
        Failure inUse = new Failure.InUse("project", id.value(), "products");
        return Violation.FOREIGN_KEY.means(
                inUse,
                database.transaction(c -> lock(c, id)
                        .compose(_ -> Database.run(c, "DELETE FROM rule WHERE project_id = $1", id.value()))
                        .compose(_ -> Database.run(c, "DELETE FROM project WHERE project_id = $1", id.value()))
                        .map(Done.DONE)));
    }

    static Failure notFound(String idOrName) {
        return new Failure.NotFound("project", idOrName);
    }

    static Project project(Row row) {
        return new Project(
                new ProjectId(Rows.text(row, "project_id")), Rows.text(row, "name"), Rows.time(row, "created"));
    }
}
