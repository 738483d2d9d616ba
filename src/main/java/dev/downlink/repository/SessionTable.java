// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.flags;
import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageRows.Listener;
import dev.downlink.protocol.MessageRows.Listeners;
import dev.downlink.protocol.MessageRows.SelectListeners;
import dev.downlink.protocol.SessionRows.CloseSession;
import dev.downlink.protocol.SessionRows.OpenSession;
import dev.downlink.protocol.SessionRows.Opened;
import dev.downlink.protocol.SessionRows.SaveSubscriptions;
import dev.downlink.protocol.SessionRows.Whereabouts;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which device. Every change names the epoch it belongs to, so that what comes late changes nothing. Rows are
 * never deleted while their device exists: the epoch must grow for ever.
 */
final class SessionTable {

    /** Of a session whose subscriptions its device may take over. */
    private static final String KEPT =
            "(s.keep_seconds > 0 AND (s.address IS NOT NULL OR s.closed_at + s.keep_seconds * interval '1 second' >"
                    + " now()))";

    /**
     * Rows in order of their key, so that two nodes' batches do not lock each other out. An inserted row has resumed set when
     * its device wants what it left; on conflict that becomes whether there was something. That a device is on line is told
     * unless it was told already: it was taken over, or came back before anybody was told that it had gone.
     */
    private static final String OPEN = """
        WITH opened AS (
            INSERT INTO session AS s (device_id, epoch, address, node, previous_address, resumed, first_online, changed,
                closed_at, keep_seconds, subscriptions, told)
            SELECT q.device, 1, q.address, q.node, NULL, NOT q.clean, now(), now(), NULL, q.keep, '[]', 1
            FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::boolean[])
                AS q (device, address, node, keep, clean)
            ORDER BY q.device COLLATE "C"
            ON CONFLICT (device_id) DO UPDATE SET
                epoch = s.epoch + 1,
                address = excluded.address,
                node = excluded.node,
                previous_address = s.address,
                resumed = excluded.resumed AND %1$s,
                changed = CASE WHEN s.address IS NULL THEN now() ELSE s.changed END,
                closed_at = NULL,
                keep_seconds = excluded.keep_seconds,
                subscriptions = CASE WHEN excluded.resumed AND %1$s THEN s.subscriptions ELSE '[]' END,
                told = CASE WHEN s.told = 0 THEN s.epoch + 1 ELSE s.told END
            RETURNING s.device_id, s.epoch, s.previous_address, s.resumed, s.subscriptions, s.told, s.changed
        ), event AS (
            %2$s
        )
        SELECT device_id, epoch, previous_address, resumed, subscriptions FROM opened\
        """.formatted(KEPT, PresenceEvents.insert("""
            SELECT device_id, 'ONLINE' AS status, changed AS last_online, changed FROM opened
            WHERE told = epoch AND previous_address IS NULL\
            """));

    private static final String CLOSE = SessionEnds.statement("""
        FROM (SELECT * FROM unnest($1::text[], $2::bigint[]) AS u (device, epoch) ORDER BY u.device COLLATE "C") q
        WHERE s.device_id = q.device AND s.epoch = q.epoch\
        """, "$3");

    private static final String SUBSCRIBE = """
        UPDATE session s SET subscriptions = q.subscriptions
        FROM unnest($1::text[], $2::bigint[], $3::text[]) AS q (device, epoch, subscriptions)
        WHERE s.device_id = q.device AND s.epoch = q.epoch\
        """;

    private static final String LISTENERS = """
        SELECT s.device_id, s.subscriptions FROM session s JOIN device d ON d.device_id = s.device_id
        WHERE s.listens AND s.device_id > $1::text AND d.project_id = $2::text AND d.space_id = $3::text
        ORDER BY s.device_id LIMIT $4::int\
        """;

    /** About three hundred years: more would not fit into a time. */
    private static final long MAX_KEEP = 10_000_000_000L;

    private final Database database;
    private final SessionEnds ends;
    private final Batcher<OpenSession, Opened> opens;
    private final Batcher<CloseSession, Done> closes;
    private final Batcher<SaveSubscriptions, Done> saves;
    private final Batcher<DeviceId, Whereabouts> selects;

    SessionTable(Database database, SessionEnds ends, Batching batching) {
        this.database = database;
        this.ends = ends;
        opens = batching.of("open_session", OpenSession::device, this::open);
        closes = batching.of("close_session", CloseSession::device, this::close);
        saves = batching.of("save_subscriptions", SaveSubscriptions::device, this::save);
        selects = batching.of("select_presence", id -> id, this::select);
    }

    Future<Opened> open(OpenSession q) {
        return Violation.FOREIGN_KEY.means(new Failure.DeviceNotFound(q.device()), opens.submit(q));
    }

    private Future<Function<OpenSession, Opened>> open(List<OpenSession> batch) {
        return database.run(
                        OPEN,
                        strings(batch, q -> q.device().value()),
                        strings(batch, OpenSession::address),
                        ints(batch, OpenSession::node),
                        longs(batch, q -> Math.clamp(q.keepSeconds(), 0, MAX_KEEP)),
                        flags(batch, OpenSession::cleanStart))
                .map(rows -> {
                    Map<String, Row> found = byDevice(rows);
                    return q -> opened(found.get(q.device().value()));
                });
    }

    private static Opened opened(@Nullable Row row) {
        if (row == null) {
            throw new IllegalStateException("an upsert returned no row");
        }
        long epoch = row.getLong("epoch");
        String previous = Rows.optional(row, "previous_address");
        boolean present = epoch > 1 && row.getBoolean("resumed");
        return new Opened(
                epoch,
                previous == null ? null : new Presence.Holder(previous, epoch - 1),
                Documents.subscriptions(Rows.text(row, "subscriptions")),
                present);
    }

    Future<Done> close(CloseSession q) {
        return closes.submit(q);
    }

    private Future<Function<CloseSession, Done>> close(List<CloseSession> batch) {
        return database.run(
                        CLOSE,
                        strings(batch, q -> q.device().value()),
                        longs(batch, CloseSession::epoch),
                        ends.patienceMillis())
                .map(_ -> _ -> Done.DONE);
    }

    Future<Done> save(SaveSubscriptions q) {
        return saves.submit(q);
    }

    private Future<Function<SaveSubscriptions, Done>> save(List<SaveSubscriptions> batch) {
        return database.run(
                        SUBSCRIBE,
                        strings(batch, q -> q.device().value()),
                        longs(batch, SaveSubscriptions::epoch),
                        strings(batch, q -> Documents.write(q.subscriptions())))
                .map(_ -> _ -> Done.DONE);
    }

    Future<Whereabouts> select(DeviceId device) {
        return selects.submit(device);
    }

    private Future<Function<DeviceId, Whereabouts>> select(List<DeviceId> devices) {
        return database.run(
                        "SELECT device_id, epoch, address, first_online, changed FROM session WHERE device_id ="
                                + " ANY($1::text[])",
                        (Object) strings(devices, DeviceId::value))
                .map(rows -> {
                    Map<String, Row> found = byDevice(rows);
                    return id -> new Whereabouts(presence(found.get(id.value()), id));
                });
    }

    Future<Listeners> listeners(SelectListeners q) {
        DeviceId after = q.after();
        return database.run(
                        LISTENERS,
                        after == null ? "" : after.value(),
                        q.project().value(),
                        q.space().value(),
                        q.limit())
                .map(rows -> new Listeners(Rows.all(rows, SessionTable::listener)));
    }

    private static Listener listener(Row row) {
        return new Listener(
                new DeviceId(Rows.text(row, "device_id")), Documents.subscriptions(Rows.text(row, "subscriptions")));
    }

    /** @param row with the columns epoch, address, first_online and changed, which are null without a session */
    static @Nullable Presence presence(@Nullable Row row, DeviceId id) {
        if (row == null || row.getLong("epoch") == null) {
            return null;
        }
        String address = Rows.optional(row, "address");
        return new Presence(
                id,
                address == null ? null : new Presence.Holder(address, row.getLong("epoch")),
                Rows.time(row, "first_online"),
                Rows.time(row, "changed"));
    }

    private static Map<String, Row> byDevice(RowSet<Row> rows) {
        Map<String, Row> found = new HashMap<>();
        rows.forEach(row -> found.put(Rows.text(row, "device_id"), row));
        return found;
    }
}
