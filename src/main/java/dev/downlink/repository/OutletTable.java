// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static dev.downlink.repository.Columns.flags;
import static dev.downlink.repository.Columns.ints;
import static dev.downlink.repository.Columns.longs;
import static dev.downlink.repository.Columns.strings;

import dev.downlink.auth.Vault;
import dev.downlink.auth.VaultException;
import dev.downlink.model.ActionId;
import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RuleId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.PushRows.Feed;
import dev.downlink.protocol.PushRows.NoteOutlets;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.protocol.PushRows.OutletNote;
import dev.downlink.protocol.PushRows.OutletState;
import dev.downlink.protocol.PushRows.OutletStates;
import dev.downlink.protocol.PushRows.OutletStatus;
import dev.downlink.protocol.PushRows.Outlets;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Outlets with what fills them, and the notes on them that people read. */
final class OutletTable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutletTable.class);

    /** Of a queue's feeds those of inactive rules too: what they put into it is still to be read. */
    private static final String ACTIONS = """
        SELECT a.*, r.subject, r.select_text, r.where_text, (
            SELECT min(f.max_rate) FROM flow_policy f WHERE f.project_id = a.project_id AND (
                f.scope = 'USER' OR (f.scope = 'CHANNEL' AND f.scope_value = a.channel)
                OR (f.scope = 'RULE' AND f.scope_value = a.rule_id)
                OR (f.scope = 'ACTION' AND f.scope_value = a.action_id))) AS max_rate
        FROM rule_action a JOIN rule r ON r.rule_id = a.rule_id
        WHERE r.active OR a.channel = 'AMQP_FORWARDING'
        ORDER BY a.action\
        """;

    private static final String QUEUES = """
        SELECT q.outlet, q.project_id, q.name, (
            SELECT min(f.max_rate) FROM flow_policy f WHERE f.project_id = q.project_id AND (
                f.scope = 'USER' OR (f.scope = 'CHANNEL' AND f.scope_value = 'AMQP_FORWARDING'))) AS max_rate
        FROM amqp_queue q\
        """;

    private static final String NOTE = """
        UPDATE outlet o SET delivered = o.delivered + q.delivered, failed = o.failed + q.failed,
            dropped = o.dropped + q.dropped,
            dropped_last = CASE WHEN q.dropped > 0 THEN now() ELSE o.dropped_last END,
            last_error = coalesce(q.error, o.last_error), last_error_time = coalesce(q.error_time, o.last_error_time),
            paused = q.paused
        FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::boolean[])
            AS q (outlet, delivered, failed, dropped, error, error_time, paused)
        WHERE o.outlet = q.outlet\
        """;

    /** So many are counted when somebody asks. */
    private static final int COUNTED = 5000;

    private static final String STATUS = """
        SELECT o.*, w.few, w.few_bytes,
            (SELECT min(f.happened) FROM %s AS l (lane) CROSS JOIN LATERAL (
                SELECT b.happened FROM outbox b WHERE b.outlet = o.outlet AND b.lane = l.lane ORDER BY b.id LIMIT 1) f
            ) AS oldest,
            (SELECT count(*) FROM dead_letter d WHERE d.outlet = o.outlet) AS dead
        FROM outlet o CROSS JOIN LATERAL (
            SELECT count(*) AS few, coalesce(sum(s.size), 0)::bigint AS few_bytes FROM (
                SELECT %s AS size FROM outbox b WHERE b.outlet = o.outlet LIMIT %d) s) w
        WHERE o.outlet = ANY($1::int[])\
        """.formatted(OutboxInsert.LANES, BacklogTable.SIZE, COUNTED);

    private final Database database;
    private final Vault vault;

    OutletTable(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    Future<Outlets> select() {
        var queues = database.run(QUEUES);
        var actions = database.run(ACTIONS);
        return Future.all(queues, actions).map(_ -> outlets(queues.result(), actions.result()));
    }

    private Outlets outlets(RowSet<Row> queues, RowSet<Row> actions) {
        Map<Integer, Outlet> outlets = new HashMap<>();
        queues.forEach(row -> outlets.put(row.getInteger("outlet"), queue(row)));
        actions.forEach(row -> action(row).ifPresent(a -> outlets.merge(a.id(), a, OutletTable::joined)));
        return new Outlets(List.copyOf(outlets.values()));
    }

    private static Outlet queue(Row row) {
        return new Outlet(
                row.getInteger("outlet"),
                new ProjectId(Rows.text(row, "project_id")),
                Rows.text(row, "name"),
                null,
                List.of(),
                rate(row));
    }

    /** Empty for an action that this version does not know, and for one that fills a queue which is not there (yet). */
    private Optional<Outlet> action(Row row) {
        try {
            Channel channel = ChannelColumns.read(row, vault);
            return Subject.of(Rows.text(row, "subject"))
                    .map(subject -> new Outlet(
                            row.getInteger("outlet"),
                            new ProjectId(Rows.text(row, "project_id")),
                            null,
                            channel,
                            List.of(feed(row, subject)),
                            rate(row)));
        } catch (IllegalArgumentException | IllegalStateException | VaultException e) {
            LOGGER.error("an action cannot be read action={} error={}", Rows.text(row, "action_id"), e.toString());
            return Optional.empty();
        }
    }

    private static Feed feed(Row row, Subject subject) {
        return new Feed(
                row.getInteger("action"),
                new ActionId(Rows.text(row, "action_id")),
                new RuleId(Rows.text(row, "rule_id")),
                subject,
                Rows.optional(row, "select_text"),
                Rows.optional(row, "where_text"));
    }

    private static Outlet joined(Outlet one, Outlet other) {
        List<Feed> feeds = new ArrayList<>(one.feeds());
        feeds.addAll(other.feeds());
        int rate = one.maxRate() == 0 || other.maxRate() == 0
                ? Math.max(one.maxRate(), other.maxRate())
                : Math.min(one.maxRate(), other.maxRate());
        return new Outlet(one.id(), one.project(), one.queue(), one.channel(), feeds, rate);
    }

    private static int rate(Row row) {
        Integer rate = row.getInteger("max_rate");
        return rate == null ? 0 : rate;
    }

    /** @param q its outlets in order, since others note some of the same */
    Future<Done> note(NoteOutlets q) {
        List<OutletNote> notes = q.notes();
        return database.run(
                        NOTE,
                        ints(notes, OutletNote::outlet),
                        longs(notes, OutletNote::delivered),
                        longs(notes, OutletNote::failed),
                        longs(notes, OutletNote::dropped),
                        strings(notes, OutletNote::error),
                        notes.stream().map(OutletTable::errorTime).toArray(OffsetDateTime[]::new),
                        flags(notes, OutletNote::paused))
                .map(Done.DONE);
    }

    private static @Nullable OffsetDateTime errorTime(OutletNote note) {
        return note.errorTime() == null ? null : Rows.time(note.errorTime());
    }

    Future<OutletStatus> status(int outlet) {
        return database.run(STATUS, (Object) new Integer[] {outlet})
                .map(rows ->
                        Rows.one(rows, OutletTable::status, new Failure.NotFound("outlet", Integer.toString(outlet))));
    }

    Future<OutletStates> status(List<Integer> outlets) {
        return database.run(STATUS, (Object) outlets.toArray(Integer[]::new))
                .map(rows -> new OutletStates(
                        Rows.all(rows, row -> new OutletState(row.getInteger("outlet"), status(row)))));
    }

    private static OutletStatus status(Row row) {
        long few = row.getLong("few");
        boolean many = few >= COUNTED;
        return new OutletStatus(
                row.getLong("delivered"),
                row.getLong("failed"),
                row.getLong("dropped"),
                Rows.optionalTime(row, "dropped_last"),
                Rows.optional(row, "last_error"),
                Rows.optionalTime(row, "last_error_time"),
                row.getBoolean("paused"),
                many ? Math.max(few, row.getLong("waiting")) : few,
                many ? Math.max(row.getLong("few_bytes"), row.getLong("waiting_bytes")) : row.getLong("few_bytes"),
                Rows.optionalTime(row, "oldest"),
                row.getLong("dead"));
    }
}
