// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.AccessKey;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.KeyOwner;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Access keys; their secrets are sealed. */
final class KeyTable {
    private static final String SELECT = """
        SELECT k.key_id, k.secret, k.created AS key_created, p.project_id, p.name, p.created
        FROM access_key k JOIN project p ON p.project_id = k.project_id\
        """;

    private final Database database;
    private final Vault vault;
    private final Batcher<String, KeyOwner> selects;

    KeyTable(Database database, Vault vault, Batching batching) {
        this.database = database;
        this.vault = vault;
        selects = batching.of("select_key", id -> id, this::select);
    }

    Future<Done> insert(AccessKey key) {
        Future<Done> work = database.run(
                        "INSERT INTO access_key (key_id, secret, project_id, created) VALUES ($1, $2, $3, $4)",
                        key.id(),
                        vault.seal(key.secret()),
                        key.project().value(),
                        Rows.time(key.created()))
                .map(Done.DONE);
        return Violation.FOREIGN_KEY.means(
                ProjectTable.notFound(key.project().value()),
                Violation.UNIQUE.means(new Failure.AlreadyExists("access key", key.id()), work));
    }

    Future<KeyOwner> select(String id) {
        return selects.submit(id);
    }

    private Future<Function<String, KeyOwner>> select(List<String> ids) {
        return database.run(SELECT + " WHERE k.key_id = ANY($1::text[])", (Object) ids.toArray(String[]::new))
                .map(rows -> {
                    Map<String, Row> found = new HashMap<>();
                    rows.forEach(row -> found.put(Rows.text(row, "key_id"), row));
                    return id -> {
                        Row row = found.get(id);
                        if (row == null) {
                            throw new Failed(notFound(id));
                        }
                        Project project = ProjectTable.project(row);
                        return new KeyOwner(key(row), project);
                    };
                });
    }

    Future<AccountRequest.Keys> selectAll(ProjectId project) {
        return database.run(SELECT + " WHERE k.project_id = $1 ORDER BY k.created, k.key_id", project.value())
                .map(rows -> new AccountRequest.Keys(Rows.all(rows, this::key)));
    }

    Future<Done> delete(String id) {
        return database.run("DELETE FROM access_key WHERE key_id = $1", id)
                .compose(rows -> Rows.changed(rows, notFound(id)));
    }

    private static Failure notFound(String id) {
        return new Failure.NotFound("access key", id);
    }

    private AccessKey key(Row row) {
        return new AccessKey(
                Rows.text(row, "key_id"),
                vault.open(Rows.text(row, "secret")),
                new ProjectId(Rows.text(row, "project_id")),
                Rows.time(row, "key_created"));
    }
}
