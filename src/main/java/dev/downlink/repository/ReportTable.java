// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.flags;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SubDeviceRows.UpsertChildStatus;
import dev.downlink.protocol.SubDeviceRows.UpsertVersions;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/** What devices say of themselves, and gateways of their sub-devices. What is the same as before is not written again. */
final class ReportTable {
    /** Rows in order of their key, as all batches have them. What a device does not name stays. */
    private static final String VERSIONS = """
        INSERT INTO device_report AS r (device_id, sdk_version, sw_version, fw_version)
        SELECT q.device, q.sdk, q.sw, q.fw
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS q (device, sdk, sw, fw)
        ORDER BY q.device COLLATE "C"
        ON CONFLICT (device_id) DO UPDATE SET
            sdk_version = coalesce(excluded.sdk_version, r.sdk_version),
            sw_version = coalesce(excluded.sw_version, r.sw_version),
            fw_version = coalesce(excluded.fw_version, r.fw_version)
        WHERE excluded.sdk_version <> coalesce(r.sdk_version, '') OR excluded.sw_version <> coalesce(r.sw_version, '')
            OR excluded.fw_version <> coalesce(r.fw_version, '')\
        """;

    /** Of a device that never was on line and is said to be off line no rule hears. */
    private static final String STATUSES = """
        WITH changed AS (
            INSERT INTO device_report AS r (device_id, online, first_online, last_online, changed)
            SELECT q.device, q.online, CASE WHEN q.online THEN now() END, CASE WHEN q.online THEN now() END, now()
            FROM unnest($1::text[], $2::boolean[]) AS q (device, online)
            ORDER BY q.device COLLATE "C"
            ON CONFLICT (device_id) DO UPDATE SET
                online = excluded.online,
                first_online = coalesce(r.first_online, excluded.first_online),
                last_online = coalesce(excluded.last_online, r.last_online),
                changed = excluded.changed
            WHERE r.online IS DISTINCT FROM excluded.online
            RETURNING r.device_id, r.online, r.last_online, r.changed
        ), event AS (
            %s
        )
        SELECT count(*) FROM changed\
        """.formatted(PresenceEvents.insert("""
            SELECT device_id, CASE WHEN online THEN 'ONLINE' ELSE 'OFFLINE' END AS status, last_online, changed
            FROM changed WHERE last_online IS NOT NULL\
            """));

    private final Database database;
    private final Batcher<UpsertVersions, Done> versions;
    private final Batcher<UpsertChildStatus, Done> statuses;

    ReportTable(Database database, Batching batching) {
        this.database = database;
        versions = batching.of("upsert_versions", UpsertVersions::device, this::versions);
        statuses = batching.of("upsert_child_status", UpsertChildStatus::device, this::statuses);
    }

    Future<Done> report(UpsertVersions q) {
        return Violation.FOREIGN_KEY.means(new Failure.DeviceNotFound(q.device()), versions.submit(q));
    }

    Future<Done> report(UpsertChildStatus q) {
        return Violation.FOREIGN_KEY.means(new Failure.DeviceNotFound(q.device()), statuses.submit(q));
    }

    private Future<Function<UpsertVersions, Done>> versions(List<UpsertVersions> batch) {
        return database.run(
                        VERSIONS,
                        strings(batch, q -> q.device().value()),
                        strings(batch, q -> q.versions().sdk()),
                        strings(batch, q -> q.versions().software()),
                        strings(batch, q -> q.versions().firmware()))
                .map(_ -> _ -> Done.DONE);
    }

    private Future<Function<UpsertChildStatus, Done>> statuses(List<UpsertChildStatus> batch) {
        return database.run(STATUSES, strings(batch, q -> q.device().value()), flags(batch, UpsertChildStatus::online))
                .map(_ -> _ -> Done.DONE);
    }
}
