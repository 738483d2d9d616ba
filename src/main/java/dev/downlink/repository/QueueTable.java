// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.AmqpQueue;
import dev.downlink.model.ProjectId;
import dev.downlink.model.QueueId;
import dev.downlink.model.RecordId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RuleRequest.QueueView;
import dev.downlink.protocol.RuleRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;

/** Queues, each with the outlet in which its events wait. */
final class QueueTable {
    private static final String SELECT =
            "SELECT queue_id, record_id, project_id, name, outlet, created, modified FROM amqp_queue";

    private static final String INSERT = """
        WITH o AS (INSERT INTO outlet (project_id) VALUES ($3::text) RETURNING outlet)
        INSERT INTO amqp_queue (queue_id, record_id, project_id, name, outlet, created, modified)
        SELECT $1::text, $2::text, $3::text, $4::text, outlet, $5::timestamptz, $6::timestamptz FROM o\
        """;

    /** The queue goes with its outlet, which is held by actions. */
    private static final String DELETE = """
        DELETE FROM outlet o USING amqp_queue q
        WHERE q.queue_id = $1 AND q.project_id = $2 AND o.outlet = q.outlet\
        """;

    private final Database database;

    QueueTable(Database database) {
        this.database = database;
    }

    /** The project's row is locked, so that queues inserted at once are counted one after the other. */
    Future<Done> insert(AmqpQueue queue, int maxPerProject) {
        Future<Done> work = database.transaction(c -> ProjectTable.lock(c, queue.project())
                .compose(_ -> insert(c, queue))
                .compose(_ -> Database.run(
                        c,
                        "SELECT count(*) FROM amqp_queue WHERE project_id = $1",
                        queue.project().value()))
                .map(rows -> {
                    if (Rows.count(rows) > maxPerProject) {
                        throw new Failed(new Failure.LimitReached("queues", maxPerProject));
                    }
                    return Done.DONE;
                }));
        return Violation.UNIQUE.means(new Failure.AlreadyExists("queue", queue.name()), work);
    }

    private static Future<?> insert(SqlConnection connection, AmqpQueue queue) {
        return Database.run(
                connection,
                INSERT,
                queue.id().value(),
                queue.recordId().value(),
                queue.project().value(),
                queue.name(),
                Rows.time(queue.created()),
                Rows.time(queue.modified()));
    }

    Future<QueueView> select(ProjectId project, QueueId id) {
        return database.run(SELECT + " WHERE queue_id = $1 AND project_id = $2", id.value(), project.value())
                .map(rows -> Rows.one(rows, row -> new QueueView(queue(row)), notFound(id)));
    }

    Future<RuleRows.FoundQueue> select(ProjectId project, String name) {
        return database.run(SELECT + " WHERE project_id = $1 AND name = $2", project.value(), name)
                .map(rows -> new RuleRows.FoundQueue(
                        Rows.all(rows, QueueTable::row).stream().findFirst().orElse(null)));
    }

    Future<Done> delete(ProjectId project, QueueId id) {
        return Violation.FOREIGN_KEY.means(
                new Failure.InUse("queue", id.value(), "actions of rules"),
                database.run(DELETE, id.value(), project.value()).compose(rows -> Rows.changed(rows, notFound(id))));
    }

    Future<RuleRows.QueuePage> list(RuleRows.ListQueues q) {
        Where where = new Where().and("project_id = ?", q.project().value()).and("strpos(name, ?) > 0", q.name());
        Where page = where.page("record_id", q.page());
        var count = database.run("SELECT count(*) FROM amqp_queue" + where.sql(), where.parameters());
        var rows = database.run(SELECT + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ ->
                        new RuleRows.QueuePage(Rows.all(rows.result(), QueueTable::queue), Rows.count(count.result())));
    }

    private static Failure notFound(QueueId id) {
        return new Failure.NotFound("queue", id.value());
    }

    private static RuleRows.QueueRow row(Row row) {
        return new RuleRows.QueueRow(queue(row), row.getInteger("outlet"));
    }

    private static AmqpQueue queue(Row row) {
        return new AmqpQueue(
                new QueueId(Rows.text(row, "queue_id")),
                new RecordId(Rows.text(row, "record_id")),
                new ProjectId(Rows.text(row, "project_id")),
                Rows.text(row, "name"),
                Rows.time(row, "created"),
                Rows.time(row, "modified"));
    }
}
