// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.ActionId;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.DeadLetterRows.Burial;
import dev.downlink.protocol.DeadLetterRows.Buried;
import dev.downlink.protocol.DeadLetterRows.BuryEvents;
import dev.downlink.protocol.DeadLetterRows.DeadLetter;
import dev.downlink.protocol.DeadLetterRows.DeadLetters;
import dev.downlink.protocol.DeadLetterRows.DeleteDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ListDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ReplayDeadLetters;
import dev.downlink.protocol.DeadLetterRows.Replayed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events that could not be sent. */
final class DeadLetterTable {
    private static final String BURY = """
        WITH gone AS (
            DELETE FROM outbox o USING unnest($1::int[], $2::int[], $3::bigint[], $4::text[], $5::text[])
                AS q (outlet, lane, id, record, error)
            WHERE o.outlet = q.outlet AND o.lane = q.lane AND o.id = q.id
            RETURNING o.*, q.record, q.error
        )
        INSERT INTO dead_letter (outlet, id, record_id, lane, action, project_id, device_id, subject, happened, header,
            body, error, died)
        SELECT g.outlet, g.id, g.record, g.lane, g.action, g.project_id, g.device_id, g.subject, g.happened, g.header,
            g.body, g.error, now()
        FROM gone g JOIN outlet o ON o.outlet = g.outlet\
        """;

    private static final String GIVE_UP = """
        DELETE FROM dead_letter d
        USING (SELECT DISTINCT unnest($1::int[]) AS outlet) q
        CROSS JOIN LATERAL (
            SELECT l.record_id FROM dead_letter l WHERE l.outlet = q.outlet
            ORDER BY l.record_id DESC OFFSET $2::int LIMIT 1) l
        WHERE d.outlet = q.outlet AND d.record_id <= l.record_id\
        """;

    private static final String OF_ACTION = """
        dead_letter d USING (
            SELECT a.outlet, a.action FROM rule_action a WHERE a.project_id = $1::text AND a.action_id = $2::text) a
        WHERE d.outlet = a.outlet AND d.action = a.action AND ($3::bigint[] IS NULL OR d.id = ANY($3::bigint[]))\
        """;

    private static final String DELETE = "DELETE FROM " + OF_ACTION;

    private static final String REPLAY = """
        WITH risen AS (DELETE FROM %s RETURNING d.*)
        INSERT INTO outbox (outlet, lane, action, project_id, device_id, subject, happened, header, body)
        SELECT outlet, lane, action, project_id, device_id, subject, happened, header, body FROM risen ORDER BY id\
        """.formatted(OF_ACTION);

    private static final String LIST = """
        SELECT d.record_id, d.id, d.subject, d.device_id, d.happened, d.died, d.error, d.body::text AS body
        FROM rule_action a JOIN dead_letter d ON d.outlet = a.outlet AND d.action = a.action
        WHERE a.project_id = $1 AND a.action_id = $2 AND d.record_id < $3
        ORDER BY d.record_id DESC LIMIT $4 OFFSET $5\
        """;

    private static final String COUNT = """
        SELECT count(d.id) AS letters FROM rule_action a
        LEFT JOIN dead_letter d ON d.outlet = a.outlet AND d.action = a.action
        WHERE a.project_id = $1 AND a.action_id = $2 GROUP BY a.action\
        """;

    private final Database database;

    DeadLetterTable(Database database) {
        this.database = database;
    }

    Future<Buried> bury(BuryEvents q) {
        return database.transaction(c -> bury(c, q.events()).compose(_ -> giveUp(c, q)));
    }

    private static Future<RowSet<Row>> bury(SqlConnection connection, List<Burial> events) {
        return Database.run(
                connection,
                BURY,
                ints(events, b -> b.event().outlet()),
                ints(events, b -> b.event().lane()),
                longs(events, b -> b.event().id()),
                strings(events, b -> b.record().value()),
                strings(events, Burial::error));
    }

    private static Future<Buried> giveUp(SqlConnection connection, BuryEvents q) {
        return Database.run(connection, GIVE_UP, ints(q.events(), b -> b.event().outlet()), q.maxPerOutlet())
                .map(rows -> new Buried(rows.rowCount()));
    }

    Future<DeadLetters> list(ListDeadLetters q) {
        String project = q.project().value();
        String action = q.action().value();
        return count(q.project(), q.action())
                .compose(count -> database.run(
                                LIST,
                                project,
                                action,
                                q.page().marker().value(),
                                q.page().limit(),
                                q.page().offset())
                        .map(rows -> new DeadLetters(letters(rows), count)));
    }

    /** What this version does not know is not shown. */
    private static List<DeadLetter> letters(RowSet<Row> rows) {
        return Rows.all(rows, DeadLetterTable::letter).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private Future<Long> count(ProjectId project, ActionId action) {
        return database.run(COUNT, project.value(), action.value())
                .map(rows ->
                        Rows.one(rows, row -> row.getLong("letters"), new Failure.NotFound("action", action.value())));
    }

    Future<Replayed> replay(ReplayDeadLetters q) {
        return change(REPLAY, q.project(), q.action(), q.ids());
    }

    Future<Replayed> delete(DeleteDeadLetters q) {
        return change(DELETE, q.project(), q.action(), q.ids());
    }

    private Future<Replayed> change(String statement, ProjectId project, ActionId action, @Nullable List<Long> ids) {
        return count(project, action)
                .compose(_ -> database.run(
                        statement, project.value(), action.value(), ids == null ? null : ids.toArray(Long[]::new)))
                .map(rows -> new Replayed(rows.rowCount()));
    }

    private static Optional<DeadLetter> letter(Row row) {
        String device = Rows.optional(row, "device_id");
        return Subject.of(Rows.text(row, "subject"))
                .map(subject -> new DeadLetter(
                        new RecordId(Rows.text(row, "record_id")),
                        row.getLong("id"),
                        subject,
                        device == null ? null : new DeviceId(device),
                        Rows.time(row, "happened"),
                        Rows.time(row, "died"),
                        Rows.text(row, "error"),
                        new Json(Rows.text(row, "body"))));
    }
}
