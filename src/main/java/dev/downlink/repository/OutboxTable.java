// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.OutboxRows.Interest;
import dev.downlink.protocol.OutboxRows.Interests;
import dev.downlink.protocol.OutboxRows.OfferEvent;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What is offered to the rules by itself, with no change of another table. Rows get their ids in the order in which they were
 * offered; each is written only if a rule still asks for it, once for each of its actions.
 */
final class OutboxTable {
    private static final String OFFER = """
        INSERT INTO outbox (%s)
        SELECT a.outlet, %s, a.action, q.project, q.device, q.subject, statement_timestamp(), q.body::jsonb
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
            AS q (project, space, device, subject, body, place)
        CROSS JOIN LATERAL (
            SELECT a.outlet, a.action FROM rule r JOIN rule_action a ON a.rule_id = r.rule_id
            WHERE r.active AND r.project_id = q.project AND r.subject = q.subject
                AND (r.space_id IS NULL OR r.space_id = q.space)
            OFFSET 0) a
        ORDER BY q.place\
        """.formatted(OutboxInsert.COLUMNS, OutboxInsert.lane("q.device"));

    private static final String INTERESTS = "SELECT DISTINCT r.space_id, r.subject FROM rule r WHERE r.active AND"
            + " r.project_id = $1::text AND EXISTS (SELECT FROM rule_action a WHERE a.rule_id = r.rule_id)";

    /** A body may be as large as a packet of a device. */
    private static final int MAX_ROWS = 256;

    private final Database database;
    private final Batcher<OfferEvent, Done> offers;

    OutboxTable(Database database, Batching batching) {
        this.database = database;
        offers = batching.withMaxRows(MAX_ROWS).of("offer_event", OfferEvent::device, this::offer);
    }

    Future<Done> offer(OfferEvent q) {
        return offers.submit(q)
                .recover(e -> isUnfit(e)
                        ? Future.failedFuture(new Failed(new Failure.Invalid("body", "cannot be kept")))
                        : Future.failedFuture(e));
    }

    /** Class 22: JSON that jsonb does not take, such as a NUL character or a number without end. */
    private static boolean isUnfit(Throwable e) {
        return e instanceof PgException pg && pg.getSqlState().startsWith("22");
    }

    private Future<Function<OfferEvent, Done>> offer(List<OfferEvent> batch) {
        return database.run(
                        OFFER,
                        strings(batch, q -> q.project().value()),
                        strings(batch, q -> q.space().value()),
                        strings(batch, q -> q.device().value()),
                        strings(batch, q -> q.subject().text()),
                        strings(batch, q -> q.body().text()))
                .map(_ -> _ -> Done.DONE);
    }

    /** Rules for what this version does not know are not looked at. */
    Future<Interests> interests(ProjectId project) {
        return database.run(INTERESTS, project.value()).map(rows -> new Interests(interests(rows)));
    }

    private static Set<Interest> interests(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(OutboxTable::interest)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    private static Optional<Interest> interest(Row row) {
        String space = Rows.optional(row, "space_id");
        return Subject.of(Rows.text(row, "subject"))
                .map(subject -> new Interest(space == null ? null : new SpaceId(space), subject));
    }
}
