// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.Json;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRows.MergeReported;
import dev.downlink.protocol.ShadowRows.Merged;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lays what devices report over what they have reported, many services in one statement. */
final class ReportedValues {
    /** A row that is to be added and is there by then, is changed the next time. */
    private static final int ATTEMPTS = 5;

    /**
     * Rows in order of their keys, so that the batches of two nodes do not lock each other out. Times of reports often have
     * whole seconds only, so what is older within one does not count as older.
     */
    private static final String MERGE = """
        WITH q AS MATERIALIZED (
            SELECT u.device, u.service, u.changed::jsonb AS changed, u.removed::jsonb AS removed, u.at
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
                AS u (device, service, changed, removed, at)
            ORDER BY u.device COLLATE "C", u.service
        ), merged AS (
            UPDATE shadow s SET
                reported = CASE WHEN date_trunc('second', s.reported_at) > q.at THEN q.changed || s.reported
                    ELSE (coalesce(s.reported, '{}') || q.changed)
                        - ARRAY(SELECT jsonb_array_elements_text(q.removed)) END,
                reported_at = greatest(s.reported_at, q.at),
                version = s.version + 1
            FROM q WHERE s.device_id = q.device AND s.service_id = q.service
            RETURNING s.device_id, s.service_id, %s
        ), added AS (
            INSERT INTO shadow (device_id, service_id, reported, reported_at, version)
            SELECT q.device, q.service, q.changed, q.at, 1 FROM q
            WHERE NOT EXISTS (SELECT FROM shadow s WHERE s.device_id = q.device AND s.service_id = q.service)
            ON CONFLICT DO NOTHING
            RETURNING device_id, service_id
        )
        SELECT device_id, service_id, difference FROM merged
        UNION ALL
        SELECT device_id, service_id, NULL FROM added\
        """.formatted(ShadowTable.DIFFERENCE);

    private final Database database;
    private final Batcher<MergeReported, Optional<Merged>> batches;

    private record Key(String device, String service) {
        static Key of(MergeReported q) {
            return new Key(q.device().value(), q.serviceId());
        }
    }

    ReportedValues(Database database, Batching batching) {
        this.database = database;
        batches = batching.of("merge_reported", Key::of, this::merge);
    }

    Future<Merged> merge(MergeReported q) {
        return Violation.FOREIGN_KEY.means(new Failure.DeviceNotFound(q.device()), merge(q, ATTEMPTS));
    }

    private Future<Merged> merge(MergeReported q, int attempts) {
        return batches.submit(q).compose(merged -> {
            if (merged.isPresent()) {
                return Future.succeededFuture(merged.get());
            }
            return attempts > 1
                    ? merge(q, attempts - 1)
                    : Future.failedFuture(new Failed(
                            new Failure.Conflict("shadow of", q.device().value())));
        });
    }

    private Future<Function<MergeReported, Optional<Merged>>> merge(List<MergeReported> batch) {
        return database.run(
                        MERGE,
                        strings(batch, q -> q.device().value()),
                        strings(batch, MergeReported::serviceId),
                        strings(batch, q -> changed(q.properties())),
                        strings(batch, q -> removed(q.properties())),
                        batch.stream().map(q -> Rows.time(q.time())).toArray(OffsetDateTime[]::new))
                .map(rows -> {
                    Map<Key, Merged> found = new HashMap<>();
                    rows.forEach(row ->
                            found.put(new Key(Rows.text(row, "device_id"), Rows.text(row, "service_id")), merged(row)));
                    return q -> Optional.ofNullable(found.get(Key.of(q)));
                });
    }

    private static Merged merged(Row row) {
        String difference = Rows.optional(row, "difference");
        return new Merged(difference == null ? null : new Json(difference));
    }

    /** A JSON object of the properties that get a value. */
    static String changed(Map<String, @Nullable Object> properties) {
        if (properties.values().stream().noneMatch(Objects::isNull)) {
            return Documents.write(properties);
        }
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(properties);
        changed.values().removeIf(Objects::isNull);
        return Documents.write(changed);
    }

    /** A JSON list of the properties that are taken out; null when there are none. */
    static @Nullable String removed(Map<String, @Nullable Object> properties) {
        List<String> removed = properties.entrySet().stream()
                .filter(property -> property.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
        return removed.isEmpty() ? null : Documents.write(removed);
    }
}
