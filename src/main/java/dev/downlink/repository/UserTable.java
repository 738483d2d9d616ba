// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.User;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Users and the projects that they may open. */
final class UserTable {
    private static final String SELECT = """
        SELECT u.domain, u.name AS user_name, u.password_hash, u.password_since, p.project_id, p.name, p.created
        FROM app_user u
        LEFT JOIN user_project g ON g.domain = u.domain AND g.name = u.name
        LEFT JOIN project p ON p.project_id = g.project_id\
        """;

    private final Database database;

    UserTable(Database database) {
        this.database = database;
    }

    Future<Done> insert(User user) {
        String[] projects = user.projects().stream().map(p -> p.id().value()).toArray(String[]::new);
        Future<Done> work = database.transaction(c -> Database.run(
                        c,
                        "INSERT INTO app_user (domain, name, password_hash, password_since) VALUES ($1, $2, $3, $4)",
                        user.domain(),
                        user.name(),
                        user.passwordHash().value(),
                        Rows.time(user.passwordSince()))
                .compose(_ -> Database.run(
                        c,
                        "INSERT INTO user_project (domain, name, project_id) SELECT $1, $2, unnest($3::text[])",
                        user.domain(),
                        user.name(),
                        projects))
                .map(Done.DONE));
        return Violation.FOREIGN_KEY.means(
                ProjectTable.notFound(String.join(", ", projects)),
                Violation.UNIQUE.means(new Failure.AlreadyExists("user", user.name()), work));
    }

    Future<RegistryRequest.Account> select(String domain, String name) {
        return database.run(
                        SELECT + " WHERE u.domain = $1 AND u.name = $2 ORDER BY p.created, p.project_id", domain, name)
                .map(rows -> Rows.one(
                        rows, _ -> new RegistryRequest.Account(users(rows).getFirst()), notFound(name)));
    }

    Future<RegistryRequest.Accounts> selectAll() {
        return database.run(SELECT + " ORDER BY u.domain, u.name, p.created, p.project_id")
                .map(rows -> new RegistryRequest.Accounts(users(rows)));
    }

    Future<Done> updatePassword(String domain, String name, Secret passwordHash) {
        return database.run(
                        "UPDATE app_user SET password_hash = $3, password_since = now() WHERE domain = $1 AND name ="
                                + " $2",
                        domain,
                        name,
                        passwordHash.value())
                .compose(rows -> Rows.changed(rows, notFound(name)));
    }

    /** Nothing happens when the user may open the project already. */
    Future<Done> grant(String domain, String name, ProjectId project) {
        Future<Done> work = database.run(
                        "INSERT INTO user_project (domain, name, project_id) VALUES ($1, $2, $3) ON CONFLICT DO"
                                + " NOTHING",
                        domain,
                        name,
                        project.value())
                .map(Done.DONE);
        return Violation.FOREIGN_KEY.means(
                constraint -> constraint.equals("user_project_user")
                        ? notFound(name)
                        : ProjectTable.notFound(project.value()),
                work);
    }

    Future<Done> revoke(String domain, String name, ProjectId project) {
        return database.run(
                        "DELETE FROM user_project WHERE domain = $1 AND name = $2 AND project_id = $3",
                        domain,
                        name,
                        project.value())
                .compose(rows -> Rows.changed(rows, new Failure.NotFound("grant", name + " on " + project)));
    }

    Future<Done> delete(String domain, String name) {
        return database.run("DELETE FROM app_user WHERE domain = $1 AND name = $2", domain, name)
                .compose(rows -> Rows.changed(rows, notFound(name)));
    }

    private static Failure notFound(String name) {
        return new Failure.NotFound("user", name);
    }

    private static List<User> users(RowSet<Row> rows) {
        Map<List<String>, User> users = new LinkedHashMap<>();
        for (Row row : rows) {
            List<String> key = List.of(Rows.text(row, "domain"), Rows.text(row, "user_name"));
            User soFar = users.computeIfAbsent(key, _ -> user(row));
            if (Rows.optional(row, "project_id") != null) {
                var _ = users.put(key, with(soFar, ProjectTable.project(row)));
            }
        }
        return List.copyOf(users.values());
    }

    private static User user(Row row) {
        return new User(
                Rows.text(row, "domain"),
                Rows.text(row, "user_name"),
                new Secret(Rows.text(row, "password_hash")),
                Rows.time(row, "password_since"),
                List.of());
    }

    private static User with(User user, Project project) {
        List<Project> projects = new ArrayList<>(user.projects());
        projects.add(project);
        return new User(user.domain(), user.name(), user.passwordHash(), user.passwordSince(), projects);
    }
}
