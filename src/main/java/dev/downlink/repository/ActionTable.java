// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.ActionId;
import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.RuleAction;
import dev.downlink.model.RuleId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RuleRequest.ActionView;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;

/**
 * Actions, and the outlets in which their events wait. What waits in an outlet that is gone is removed by those who look after
 * the outbox.
 */
final class ActionTable {
    private static final String COLUMNS = "a.action_id, a.record_id AS action_record, a.outlet, a.channel, a.detail,"
            + " a.secret, a.created AS action_created, " + RuleTable.COLUMNS;

    private static final String SELECT =
            "SELECT " + COLUMNS + " FROM rule_action a JOIN rule r ON r.rule_id = a.rule_id";

    private static final String OUTLET = "INSERT INTO outlet (project_id) VALUES ($1) RETURNING outlet";

    private static final String QUEUE = "SELECT outlet FROM amqp_queue WHERE project_id = $1 AND name = $2";

    private static final String INSERT = """
        INSERT INTO rule_action (action_id, record_id, rule_id, project_id, outlet, channel, detail, secret, created)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)\
        """;

    private static final String UPDATE = """
        UPDATE rule_action a SET channel = $3, detail = $4, secret = $5
        FROM rule r
        WHERE a.action_id = $1 AND a.project_id = $2 AND r.rule_id = a.rule_id
        RETURNING %s\
        """.formatted(COLUMNS);

    /** Answers how many actions there were. */
    private static final String DELETE = """
        WITH gone AS (
            DELETE FROM rule_action a WHERE %s RETURNING a.outlet
        ), closed AS (
            DELETE FROM outlet o USING gone
            WHERE o.outlet = gone.outlet AND NOT EXISTS (SELECT FROM amqp_queue q WHERE q.outlet = o.outlet)
        )
        SELECT count(*) FROM gone\
        """;

    private static final String DELETE_ONE = DELETE.formatted("a.action_id = $1 AND a.project_id = $2");
    private static final String DELETE_OF_RULE = DELETE.formatted("a.rule_id = $1");

    private final Database database;
    private final Vault vault;

    ActionTable(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** The rule's row is locked, so that actions inserted at once are counted one after the other. */
    Future<ActionView> insert(RuleRows.InsertAction q) {
        RuleAction action = q.action();
        Future<Void> work = database.transaction(c -> RuleTable.lock(c, action.project(), action.rule())
                .compose(_ -> checkCount(c, q))
                .compose(_ -> outlet(c, action))
                .compose(outlet -> insert(c, action, outlet)));
        return Violation.FOREIGN_KEY
                .means(queueNotFound(action.channel().destination()), work)
                .compose(_ -> select(action.project(), action.id()));
    }

    private static Future<?> checkCount(SqlConnection connection, RuleRows.InsertAction q) {
        return Database.run(
                        connection,
                        "SELECT count(*) FROM rule_action WHERE rule_id = $1",
                        q.action().rule().value())
                .map(rows -> {
                    if (Rows.count(rows) >= q.maxPerRule()) {
                        throw new Failed(new Failure.LimitReached("actions of a rule", q.maxPerRule()));
                    }
                    return rows;
                });
    }

    private static Future<Integer> outlet(SqlConnection connection, RuleAction action) {
        String project = action.project().value();
        return action.channel() instanceof Channel.Amqp amqp
                ? Database.run(connection, QUEUE, project, amqp.queue())
                        .map(rows -> Rows.one(rows, row -> row.getInteger(0), queueNotFound(amqp.queue())))
                : Database.run(connection, OUTLET, project)
                        .map(rows -> rows.iterator().next().getInteger(0));
    }

    private Future<Void> insert(SqlConnection connection, RuleAction action, int outlet) {
        return Database.run(
                        connection,
                        INSERT,
                        action.id().value(),
                        action.recordId().value(),
                        action.rule().value(),
                        action.project().value(),
                        outlet,
                        action.channel().kind().name(),
                        Documents.write(action.channel()),
                        ChannelColumns.secret(action.channel(), vault),
                        Rows.time(action.created()))
                .mapEmpty();
    }

    Future<ActionView> select(ProjectId project, ActionId id) {
        return database.run(SELECT + " WHERE a.action_id = $1 AND a.project_id = $2", id.value(), project.value())
                .map(rows -> Rows.one(rows, this::view, notFound(id)));
    }

    Future<RuleRows.Actions> select(ProjectId project, RuleId rule) {
        return database.run(
                        SELECT + " WHERE a.rule_id = $1 AND a.project_id = $2 ORDER BY a.record_id",
                        rule.value(),
                        project.value())
                .map(rows -> new RuleRows.Actions(Rows.all(rows, this::view)));
    }

    Future<ActionView> update(RuleRows.UpdateAction q) {
        return database.run(
                        UPDATE,
                        q.id().value(),
                        q.project().value(),
                        q.channel().kind().name(),
                        Documents.write(q.channel()),
                        ChannelColumns.secret(q.channel(), vault))
                .map(rows -> Rows.one(rows, this::view, notFound(q.id())));
    }

    Future<Done> delete(ProjectId project, ActionId id) {
        return database.run(DELETE_ONE, id.value(), project.value()).map(rows -> {
            if (Rows.count(rows) == 0) {
                throw new Failed(notFound(id));
            }
            return Done.DONE;
        });
    }

    static Future<?> deleteOf(SqlConnection connection, RuleId rule) {
        return Database.run(connection, DELETE_OF_RULE, rule.value());
    }

    Future<RuleRows.ActionPage> list(RuleRows.ListActions q) {
        RuleRows.ActionFilter filter = q.filter();
        RuleId rule = filter.rule();
        SpaceId space = filter.space();
        Channel.Kind kind = filter.channel();
        Where where = new Where()
                .and("a.project_id = ?", q.project().value())
                .and("a.rule_id = ?", rule == null ? null : rule.value())
                .and("a.channel = ?", kind == null ? null : kind.name())
                .and("(r.space_id IS NULL) = ?", filter.global())
                .and("r.space_id = ?", space == null ? null : space.value());
        Where page = where.page("a.record_id", q.page());
        var count = database.run(
                "SELECT count(*) FROM rule_action a JOIN rule r ON r.rule_id = a.rule_id" + where.sql(),
                where.parameters());
        var rows = database.run(SELECT + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ -> new RuleRows.ActionPage(Rows.all(rows.result(), this::view), Rows.count(count.result())));
    }

    private static Failure notFound(ActionId id) {
        return new Failure.NotFound("action", id.value());
    }

    private static Failure queueNotFound(String name) {
        return new Failure.NotFound("queue", name);
    }

    private ActionView view(Row row) {
        RuleAction action = new RuleAction(
                new ActionId(Rows.text(row, "action_id")),
                new RecordId(Rows.text(row, "action_record")),
                new ProjectId(Rows.text(row, "project_id")),
                new RuleId(Rows.text(row, "rule_id")),
                ChannelColumns.read(row, vault),
                Rows.time(row, "action_created"));
        return new ActionView(action, RuleTable.rule(row), row.getInteger("outlet"));
    }
}
