// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.AccessCode;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;

/** Access codes, one of each type for a project; sealed. */
final class CodeTable {
    private static final String UPSERT = """
        INSERT INTO access_code (project_id, type, access_key, code, created) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (project_id, type) DO UPDATE
        SET access_key = excluded.access_key, code = excluded.code, created = excluded.created\
        """;

    private final Database database;
    private final Vault vault;

    CodeTable(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    Future<Done> upsert(AccessCode code) {
        Future<Done> work = database.run(
                        UPSERT,
                        code.project().value(),
                        code.type().name(),
                        code.accessKey(),
                        vault.seal(code.code()),
                        Rows.time(code.created()))
                .map(Done.DONE);
        return Violation.FOREIGN_KEY.means(
                ProjectTable.notFound(code.project().value()),
                Violation.UNIQUE.means(new Failure.Conflict("access code", code.accessKey()), work));
    }

    Future<RuleRows.FoundCode> select(String accessKey) {
        return database.run(
                        "SELECT project_id, type, access_key, code, created FROM access_code WHERE access_key = $1",
                        accessKey)
                .map(rows -> new RuleRows.FoundCode(
                        Rows.all(rows, this::code).stream().findFirst().orElse(null)));
    }

    private AccessCode code(Row row) {
        return new AccessCode(
                new ProjectId(Rows.text(row, "project_id")),
                AccessCode.Type.valueOf(Rows.text(row, "type")),
                Rows.text(row, "access_key"),
                vault.open(Rows.text(row, "code")),
                Rows.time(row, "created"));
    }
}
