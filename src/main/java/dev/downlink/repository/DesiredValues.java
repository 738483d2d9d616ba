// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.flags;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.DesiredChange;
import dev.downlink.protocol.ShadowRows.ChangeDesired;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/** Changes what is wanted of devices, many devices in one statement, each of them wholly or not at all. */
final class DesiredValues {
    /**
     * Rows in order of their keys. A version that is not the one expected becomes NULL, which the column refuses: then the
     * whole statement is undone, and the batch is tried again row by row. So is it when a row that is to be added is there
     * by then.
     */
    private static final String CHANGE = """
        WITH q AS MATERIALIZED (
            SELECT u.device, u.service, u.changed::jsonb AS changed, u.removed::jsonb AS removed, u.cleared, u.version
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::bigint[])
                AS u (device, service, changed, removed, cleared, version)
            ORDER BY u.device COLLATE "C", u.service
        ), changed AS (
            UPDATE shadow s SET
                desired = nullif(CASE WHEN q.cleared THEN '{}'
                    ELSE (coalesce(s.desired, '{}') || q.changed)
                        - ARRAY(SELECT jsonb_array_elements_text(q.removed)) END, '{}'),
                desired_at = now(),
                version = CASE WHEN q.version IS NULL OR q.version = s.version THEN s.version + 1 END
            FROM q WHERE s.device_id = q.device AND s.service_id = q.service
        )
        INSERT INTO shadow (device_id, service_id, desired, desired_at, version)
        SELECT q.device, q.service, q.changed, now(), CASE WHEN coalesce(q.version, 0) = 0 THEN 1 END FROM q
        WHERE NOT EXISTS (SELECT FROM shadow s WHERE s.device_id = q.device AND s.service_id = q.service)
            AND (q.changed <> '{}' OR q.version <> 0)\
        """;

    private final Database database;
    private final Batcher<ChangeDesired, Done> batches;

    private record Change(String device, DesiredChange service) {}

    DesiredValues(Database database, Batching batching) {
        this.database = database;
        batches = batching.of("change_desired", ChangeDesired::device, this::change);
    }

    Future<Done> change(ChangeDesired q) {
        Future<Done> work =
                batches.submit(q).recover(e -> Violation.UNIQUE.is(e) ? batches.submit(q) : Future.failedFuture(e));
        return Violation.FOREIGN_KEY.means(
                new Failure.DeviceNotFound(q.device()),
                Violation.NOT_NULL.means(
                        new Failure.Conflict("shadow of", q.device().value()), work));
    }

    private Future<Function<ChangeDesired, Done>> change(List<ChangeDesired> batch) {
        List<Change> rows = batch.stream()
                .flatMap(q -> q.services().stream()
                        .map(service -> new Change(q.device().value(), service)))
                .toList();
        return database.run(
                        CHANGE,
                        strings(rows, Change::device),
                        strings(rows, row -> row.service().serviceId()),
                        strings(
                                rows,
                                row -> ReportedValues.changed(row.service().properties())),
                        strings(
                                rows,
                                row -> ReportedValues.removed(row.service().properties())),
                        flags(rows, row -> row.service().properties().isEmpty()),
                        rows.stream().map(row -> row.service().version()).toArray(Long[]::new))
                .map(_ -> _ -> Done.DONE);
    }
}
