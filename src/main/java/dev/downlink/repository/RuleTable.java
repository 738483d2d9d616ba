// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RuleRequest.Query;
import dev.downlink.protocol.RuleRequest.RuleView;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Arrays;

/** Rules. */
final class RuleTable {
    /** Of a rule, so that there can be those of an action beside them. */
    static final String COLUMNS = "r.rule_id, r.record_id AS rule_record, r.project_id, r.space_id, r.subject, r.name,"
            + " r.description, r.select_text, r.where_text, r.active, r.created AS rule_created";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM rule r";

    private static final String INSERT = """
        INSERT INTO rule (rule_id, record_id, project_id, space_id, subject, name, description, select_text, where_text, active,
            created)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)\
        """;

    private static final String UPDATE = """
        UPDATE rule r SET name = coalesce($3::text, r.name), description = coalesce($4::text, r.description),
            select_text = CASE WHEN $5::boolean THEN $6::text ELSE r.select_text END,
            where_text = CASE WHEN $5::boolean THEN $7::text ELSE r.where_text END,
            active = coalesce($8::boolean, r.active)
        WHERE r.rule_id = $1::text AND r.project_id = $2::text
        RETURNING %s\
        """.formatted(COLUMNS);

    /** Rules for what this version does not know are not looked at. */
    private static final String[] KNOWN =
            Arrays.stream(Subject.values()).map(Subject::text).toArray(String[]::new);

    private final Database database;

    RuleTable(Database database) {
        this.database = database;
    }

    /** The project's row is locked, so that rules inserted at once are counted one after the other. */
    Future<Done> insert(RoutingRule rule, int maxPerProject) {
        Future<Done> work = database.transaction(c -> ProjectTable.lock(c, rule.project())
                .compose(_ -> insert(c, rule))
                .compose(_ -> Database.run(
                        c,
                        "SELECT count(*) FROM rule WHERE project_id = $1",
                        rule.project().value()))
                .map(rows -> {
                    if (Rows.count(rows) > maxPerProject) {
                        throw new Failed(new Failure.LimitReached("rules", maxPerProject));
                    }
                    return Done.DONE;
                }));
        SpaceId space = rule.space();
        return space == null ? work : Violation.FOREIGN_KEY.means(new Failure.SpaceNotFound(space), work);
    }

    private static Future<?> insert(SqlConnection connection, RoutingRule rule) {
        SpaceId space = rule.space();
        return Database.run(
                connection,
                INSERT,
                rule.id().value(),
                rule.recordId().value(),
                rule.project().value(),
                space == null ? null : space.value(),
                rule.subject().text(),
                rule.name(),
                rule.description(),
                rule.select(),
                rule.where(),
                rule.active(),
                Rows.time(rule.created()));
    }

    Future<RuleView> select(ProjectId project, RuleId id) {
        return database.run(SELECT + " WHERE r.rule_id = $1 AND r.project_id = $2", id.value(), project.value())
                .map(rows -> Rows.one(rows, RuleTable::view, notFound(id)));
    }

    Future<RuleView> update(RuleRows.UpdateRule q) {
        Query query = q.query();
        return database.run(
                        UPDATE,
                        q.id().value(),
                        q.project().value(),
                        q.name(),
                        q.description(),
                        query != null,
                        query == null ? null : query.select(),
                        query == null ? null : query.where(),
                        q.active())
                .map(rows -> Rows.one(rows, RuleTable::view, notFound(q.id())));
    }

    Future<Done> delete(ProjectId project, RuleId id) {
        return database.transaction(c -> lock(c, project, id)
                .compose(_ -> ActionTable.deleteOf(c, id))
                .compose(_ -> Database.run(c, "DELETE FROM rule WHERE rule_id = $1", id.value())
                        .map(Done.DONE)));
    }

    /** Makes whoever else changes the rule or its actions wait for the end of this transaction. */
    static Future<Done> lock(SqlConnection connection, ProjectId project, RuleId id) {
        return Database.run(
                        connection,
                        "SELECT 1 FROM rule WHERE rule_id = $1 AND project_id = $2 FOR UPDATE",
                        id.value(),
                        project.value())
                .map(rows -> Rows.one(rows, _ -> Done.DONE, notFound(id)));
    }

    Future<RuleRows.RulePage> list(RuleRows.ListRules q) {
        RuleRows.RuleFilter filter = q.filter();
        SpaceId space = filter.space();
        Where where = new Where()
                .and("r.project_id = ?", q.project().value())
                .and("r.subject = ANY(?)", KNOWN)
                .and("split_part(r.subject, ':', 1) = ?", filter.resource())
                .and("split_part(r.subject, ':', 2) = ?", filter.event())
                .and("(r.space_id IS NULL) = ?", filter.global())
                .and("r.space_id = ?", space == null ? null : space.value())
                .and("r.name = ?", filter.name())
                .and("r.active = ?", filter.active());
        Where page = where.page("r.record_id", q.page());
        var count = database.run("SELECT count(*) FROM rule r" + where.sql(), where.parameters());
        var rows = database.run(SELECT + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ -> new RuleRows.RulePage(Rows.all(rows.result(), RuleTable::rule), Rows.count(count.result())));
    }

    static Failure notFound(RuleId id) {
        return new Failure.NotFound("rule", id.value());
    }

    private static RuleView view(Row row) {
        return new RuleView(rule(row));
    }

    static RoutingRule rule(Row row) {
        String space = Rows.optional(row, "space_id");
        return new RoutingRule(
                new RuleId(Rows.text(row, "rule_id")),
                new RecordId(Rows.text(row, "rule_record")),
                new ProjectId(Rows.text(row, "project_id")),
                space == null ? null : new SpaceId(space),
                Subject.of(Rows.text(row, "subject")).orElseThrow(),
                Rows.optional(row, "name"),
                Rows.optional(row, "description"),
                Rows.optional(row, "select_text"),
                Rows.optional(row, "where_text"),
                row.getBoolean("active"),
                Rows.time(row, "rule_created"));
    }
}
