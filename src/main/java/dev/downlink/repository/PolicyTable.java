// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.BacklogPolicy;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.PolicyId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.PolicyRequest.BacklogView;
import dev.downlink.protocol.PolicyRequest.ChangeBacklogPolicy;
import dev.downlink.protocol.PolicyRequest.ChangeFlowPolicy;
import dev.downlink.protocol.PolicyRequest.FlowView;
import dev.downlink.protocol.PolicyRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/** Policies for backlogs and for flow control. */
final class PolicyTable {
    private static final String BACKLOG =
            "policy_id, record_id, project_id, name, description, max_bytes, max_seconds, created";
    private static final String FLOW =
            "policy_id, record_id, project_id, name, description, scope, scope_value, max_rate, created";

    private static final String UPDATE_BACKLOG = """
        UPDATE backlog_policy SET name = coalesce($3::text, name), description = coalesce($4::text, description),
            max_bytes = coalesce($5::int, max_bytes), max_seconds = coalesce($6::int, max_seconds)
        WHERE policy_id = $1 AND project_id = $2
        RETURNING %s\
        """.formatted(BACKLOG);

    private static final String UPDATE_FLOW = """
        UPDATE flow_policy SET name = coalesce($3::text, name), description = coalesce($4::text, description),
            max_rate = coalesce($5::int, max_rate)
        WHERE policy_id = $1 AND project_id = $2
        RETURNING %s\
        """.formatted(FLOW);

    private final Database database;

    PolicyTable(Database database) {
        this.database = database;
    }

    Future<Done> insert(PolicyRows.InsertBacklogPolicy q) {
        BacklogPolicy policy = q.policy();
        return insert(
                "backlog_policy",
                policy.project(),
                q.maxPerProject(),
                c -> Database.run(
                        c,
                        "INSERT INTO backlog_policy (" + BACKLOG + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                        policy.id().value(),
                        policy.recordId().value(),
                        policy.project().value(),
                        policy.name(),
                        policy.description(),
                        policy.maxBytes(),
                        policy.maxSeconds(),
                        Rows.time(policy.created())));
    }

    Future<Done> insert(PolicyRows.InsertFlowPolicy q) {
        FlowPolicy policy = q.policy();
        return insert(
                "flow_policy",
                policy.project(),
                q.maxPerProject(),
                c -> Database.run(
                        c,
                        "INSERT INTO flow_policy (" + FLOW + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                        policy.id().value(),
                        policy.recordId().value(),
                        policy.project().value(),
                        policy.name(),
                        policy.description(),
                        policy.scope().name(),
                        policy.scopeValue(),
                        policy.limit(),
                        Rows.time(policy.created())));
    }

    /** The project's row is locked, so that policies inserted at once are counted one after the other. */
    private Future<Done> insert(
            String table, ProjectId project, int maxPerProject, Function<SqlConnection, Future<?>> insert) {
        return database.transaction(c -> ProjectTable.lock(c, project)
                .compose(_ -> insert.apply(c))
                .compose(_ ->
                        Database.run(c, "SELECT count(*) FROM " + table + " WHERE project_id = $1", project.value()))
                .map(rows -> {
                    if (Rows.count(rows) > maxPerProject) {
                        throw new Failed(new Failure.LimitReached("policies of a kind", maxPerProject));
                    }
                    return Done.DONE;
                }));
    }

    Future<BacklogView> selectBacklog(ProjectId project, PolicyId id) {
        return database.run(select(BACKLOG, "backlog_policy"), id.value(), project.value())
                .map(rows -> Rows.one(rows, row -> new BacklogView(backlog(row)), notFound(id)));
    }

    Future<FlowView> selectFlow(ProjectId project, PolicyId id) {
        return database.run(select(FLOW, "flow_policy"), id.value(), project.value())
                .map(rows -> Rows.one(rows, row -> new FlowView(flow(row)), notFound(id)));
    }

    private static String select(String columns, String table) {
        return "SELECT " + columns + " FROM " + table + " WHERE policy_id = $1 AND project_id = $2";
    }

    Future<BacklogView> update(ChangeBacklogPolicy q) {
        return database.run(
                        UPDATE_BACKLOG,
                        q.id().value(),
                        q.project().value(),
                        q.name(),
                        q.description(),
                        q.maxBytes(),
                        q.maxSeconds())
                .map(rows -> Rows.one(rows, row -> new BacklogView(backlog(row)), notFound(q.id())));
    }

    Future<FlowView> update(ChangeFlowPolicy q) {
        return database.run(UPDATE_FLOW, q.id().value(), q.project().value(), q.name(), q.description(), q.limit())
                .map(rows -> Rows.one(rows, row -> new FlowView(flow(row)), notFound(q.id())));
    }

    Future<Done> deleteBacklog(ProjectId project, PolicyId id) {
        return delete("backlog_policy", project, id);
    }

    Future<Done> deleteFlow(ProjectId project, PolicyId id) {
        return delete("flow_policy", project, id);
    }

    private Future<Done> delete(String table, ProjectId project, PolicyId id) {
        return database.run(
                        "DELETE FROM " + table + " WHERE policy_id = $1 AND project_id = $2",
                        id.value(),
                        project.value())
                .compose(rows -> Rows.changed(rows, notFound(id)));
    }

    Future<PolicyRows.BacklogPolicies> list(PolicyRows.ListBacklogPolicies q) {
        Where where = new Where().and("project_id = ?", q.project().value()).and("name = ?", q.name());
        Where page = where.page("record_id", q.page());
        var count = database.run("SELECT count(*) FROM backlog_policy" + where.sql(), where.parameters());
        var rows = database.run("SELECT " + BACKLOG + " FROM backlog_policy" + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ -> new PolicyRows.BacklogPolicies(
                        Rows.all(rows.result(), PolicyTable::backlog), Rows.count(count.result())));
    }

    Future<PolicyRows.FlowPolicies> list(PolicyRows.ListFlowPolicies q) {
        FlowPolicy.Scope scope = q.scope();
        Where where = new Where()
                .and("project_id = ?", q.project().value())
                .and("scope = ?", scope == null ? null : scope.name())
                .and("scope_value = ?", q.scopeValue())
                .and("name = ?", q.name());
        Where page = where.page("record_id", q.page());
        var count = database.run("SELECT count(*) FROM flow_policy" + where.sql(), where.parameters());
        var rows = database.run("SELECT " + FLOW + " FROM flow_policy" + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ -> new PolicyRows.FlowPolicies(
                        Rows.all(rows.result(), PolicyTable::flow), Rows.count(count.result())));
    }

    private static Failure notFound(PolicyId id) {
        return new Failure.NotFound("policy", id.value());
    }

    private static BacklogPolicy backlog(Row row) {
        return new BacklogPolicy(
                new PolicyId(Rows.text(row, "policy_id")),
                new RecordId(Rows.text(row, "record_id")),
                new ProjectId(Rows.text(row, "project_id")),
                Rows.optional(row, "name"),
                Rows.optional(row, "description"),
                row.getInteger("max_bytes"),
                row.getInteger("max_seconds"),
                Rows.time(row, "created"));
    }

    private static FlowPolicy flow(Row row) {
        return new FlowPolicy(
                new PolicyId(Rows.text(row, "policy_id")),
                new RecordId(Rows.text(row, "record_id")),
                new ProjectId(Rows.text(row, "project_id")),
                Rows.optional(row, "name"),
                Rows.optional(row, "description"),
                FlowPolicy.Scope.valueOf(Rows.text(row, "scope")),
                Rows.optional(row, "scope_value"),
                row.getInteger("max_rate"),
                Rows.time(row, "created"));
    }
}
