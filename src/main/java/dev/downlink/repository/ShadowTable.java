// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Shadow;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.ShadowRows.ChangeDesired;
import dev.downlink.protocol.ShadowRows.Difference;
import dev.downlink.protocol.ShadowRows.Differences;
import dev.downlink.protocol.ShadowRows.MergeReported;
import dev.downlink.protocol.ShadowRows.Merged;
import dev.downlink.protocol.ShadowRows.SelectDifferences;
import dev.downlink.protocol.ShadowRows.ShadowFound;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shadows, a row for each service of a device; what they are read for goes in batches. */
final class ShadowTable {
    /** Connections of one statement: each looks for what hangs under it. */
    private static final int MAX_CONNECTIONS = 64;

    /** Whether a row wants what is not reported: desired laid over reported changes something. */
    private static final String DIFFERS =
            "s.desired IS NOT NULL AND coalesce(s.reported, '{}') || s.desired <> coalesce(s.reported, '{}')";

    /** What that is; NULL for nothing. */
    static final String DIFFERENCE = """
        CASE WHEN %s THEN (SELECT jsonb_object_agg(d.key, d.value)::text FROM jsonb_each(s.desired) d
            WHERE coalesce(s.reported, '{}') -> d.key IS DISTINCT FROM d.value) END AS difference\
        """.formatted(DIFFERS);

    private static final String SELECT = """
        SELECT s.device_id, s.service_id, s.desired::text AS desired, s.desired_at, s.reported::text AS reported,
            s.reported_at, s.version, %s
        FROM shadow s WHERE s.device_id = ANY($1::text[]) ORDER BY s.device_id, s.service_id COLLATE "C"\
        """.formatted(DIFFERENCE);

    private static final String DIFFERENCES = """
        SELECT q.connection, found.* FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])
            AS q (connection, after_device, after_service, most)
        CROSS JOIN LATERAL (
            SELECT s.device_id, s.service_id, %1$s
            FROM (SELECT q.connection AS device_id
                UNION ALL
                SELECT c.device_id FROM device c WHERE c.parent = q.connection
                UNION ALL
                SELECT g.device_id FROM device c JOIN device g ON g.parent = c.device_id
                    WHERE c.parent = q.connection) below
            JOIN shadow s ON s.device_id = below.device_id
            WHERE (s.device_id > q.after_device OR (s.device_id = q.after_device AND s.service_id > q.after_service))
                AND %2$s
            ORDER BY s.device_id, s.service_id LIMIT q.most) found\
        """.formatted(DIFFERENCE, DIFFERS);

    private final Database database;
    private final ReportedValues reported;
    private final DesiredValues desired;
    private final Batcher<DeviceId, ShadowFound> selects;
    private final Batcher<SelectDifferences, Differences> differences;

    ShadowTable(Database database, Batching batching) {
        this.database = database;
        reported = new ReportedValues(database, batching);
        desired = new DesiredValues(database, batching);
        selects = batching.of("select_shadow", id -> id, this::select);
        differences = batching.withMaxRows(MAX_CONNECTIONS)
                .of("select_differences", SelectDifferences::connection, this::differences);
    }

    Future<Merged> merge(MergeReported q) {
        return reported.merge(q);
    }

    Future<Done> change(ChangeDesired q) {
        return desired.change(q);
    }

    Future<Done> delete(DeviceId device, @Nullable String serviceId) {
        return database.run(
                        "DELETE FROM shadow WHERE device_id = $1 AND ($2::text IS NULL OR service_id = $2::text)",
                        device.value(),
                        serviceId)
                .map(Done.DONE);
    }

    Future<ShadowFound> select(DeviceId device) {
        return selects.submit(device);
    }

    private Future<Function<DeviceId, ShadowFound>> select(List<DeviceId> devices) {
        return database.run(SELECT, (Object) strings(devices, DeviceId::value)).map(rows -> {
            Map<String, List<Row>> found = by("device_id", rows);
            return id -> found(id, found.getOrDefault(id.value(), List.of()));
        });
    }

    private static ShadowFound found(DeviceId device, List<Row> rows) {
        Shadow shadow =
                new Shadow(device, rows.stream().map(ShadowTable::service).toList());
        return new ShadowFound(
                shadow,
                rows.stream()
                        .filter(row -> row.getString("difference") != null)
                        .map(ShadowTable::difference)
                        .toList());
    }

    private static Shadow.Service service(Row row) {
        return new Shadow.Service(
                Rows.text(row, "service_id"),
                part(row, "desired", "desired_at"),
                part(row, "reported", "reported_at"),
                row.getLong("version"));
    }

    private static Shadow.@Nullable Part part(Row row, String properties, String time) {
        String text = Rows.optional(row, properties);
        return text == null ? null : new Shadow.Part(new Json(text), Rows.time(row, time));
    }

    Future<Differences> differences(SelectDifferences q) {
        return differences.submit(q);
    }

    private Future<Function<SelectDifferences, Differences>> differences(List<SelectDifferences> batch) {
        return database.run(
                        DIFFERENCES,
                        strings(batch, q -> q.connection().value()),
                        strings(
                                batch,
                                q -> q.after() == null ? "" : q.after().device().value()),
                        strings(batch, q -> q.after() == null ? "" : q.after().serviceId()),
                        ints(batch, SelectDifferences::limit))
                .map(rows -> {
                    Map<String, List<Row>> found = by("connection", rows);
                    return q -> differences(q, found.getOrDefault(q.connection().value(), List.of()));
                });
    }

    private static Differences differences(SelectDifferences q, List<Row> rows) {
        return new Differences(rows.stream().map(ShadowTable::difference).toList(), rows.size() >= q.limit());
    }

    private static Difference difference(Row row) {
        return new Difference(
                new DeviceId(Rows.text(row, "device_id")),
                Rows.text(row, "service_id"),
                new Json(Rows.text(row, "difference")));
    }

    private static Map<String, List<Row>> by(String column, RowSet<Row> rows) {
        Map<String, List<Row>> found = new HashMap<>();
        rows.forEach(row -> found.computeIfAbsent(Rows.text(row, column), _ -> new ArrayList<>())
                .add(row));
        return found;
    }
}
