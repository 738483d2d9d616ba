// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.downlink.model.ActionId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.BacklogRows.Backlog;
import dev.downlink.protocol.BacklogRows.ClaimSweeps;
import dev.downlink.protocol.BacklogRows.CollectOrphans;
import dev.downlink.protocol.BacklogRows.DropOldest;
import dev.downlink.protocol.BacklogRows.Dropped;
import dev.downlink.protocol.BacklogRows.DroppedEvents;
import dev.downlink.protocol.BacklogRows.MeasureBacklog;
import dev.downlink.protocol.BacklogRows.SelectBacklogs;
import dev.downlink.protocol.BacklogRows.Sweep;
import dev.downlink.protocol.DeadLetterRows.Burial;
import dev.downlink.protocol.DeadLetterRows.BuryEvents;
import dev.downlink.protocol.DeadLetterRows.DeleteDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ListDeadLetters;
import dev.downlink.protocol.DeadLetterRows.ReplayDeadLetters;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.PushRows.EventKey;
import dev.downlink.protocol.PushRows.NoteOutlets;
import dev.downlink.protocol.PushRows.OutletNote;
import dev.downlink.protocol.PushRows.OutletStatus;
import dev.downlink.protocol.PushRows.SelectOutlets;
import dev.downlink.protocol.PushRows.SelectStatus;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestRules;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits, what is dropped of it, and what is put aside. */
class BacklogIT {
    private static final Duration DAY = Duration.ofHours(24);
    private static final ActionId ACTION = new ActionId("a1");

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @BeforeEach
    void rule() {
        TestRules.add(uri, "p1", null, "device.property:report", true);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void oldestOfAllLanesAreDroppedUntilEnoughBytesAreGone() {
        store(40, "1 hour");
        long each = room.ask(new MeasureBacklog(1)).bytes() / 40;

        Dropped dropped = room.ask(new DropOldest(1, DAY, each * 10, 100));

        assertThat(dropped).isEqualTo(new Dropped(List.of(new DroppedEvents(1, 10)), each * 10, false));
        assertThat(Letters.read(uri, "SELECT min(body->>'n') FROM outbox WHERE (body->>'n')::int < 11"))
                .containsOnly("10");
        OutletStatus status = room.ask(new SelectStatus(1));
        assertThat(status.dropped()).isEqualTo(10);
        assertThat(status.droppedLast()).isNotNull();
        assertThat(status.waiting()).isEqualTo(30);
        assertThat(status.waitingBytes()).isEqualTo(each * 30);
    }

    @Test
    void smallStepsDropTheSame() {
        store(40, "1 hour");
        long each = room.ask(new MeasureBacklog(1)).bytes() / 40;
        long left = each * 21;
        boolean more = true;

        while (more) {
            Dropped dropped = room.ask(new DropOldest(1, DAY, left, 2));
            left = Math.max(0, left - dropped.bytes());
            more = dropped.more();
        }

        assertThat(Letters.read(uri, "SELECT (body->>'n')::int::text FROM outbox ORDER BY id LIMIT 1"))
                .containsExactly("21");
    }

    @Test
    void whatIsTooOldIsDropped() {
        store(8, "25 hours");
        store(8, "1 hour");

        Dropped dropped = room.ask(new DropOldest(1, DAY, 0, 100));

        assertThat(dropped.events()).containsExactly(new DroppedEvents(1, 8));
    }

    @Test
    void outletIsSweptByOneWithTheSmallestBounds() {
        store(1, "1 hour");
        policy("one", 5000, 86_399);
        policy("two", 9000, 60);
        ClaimSweeps claim = new ClaimSweeps(1 << 30, DAY, 10);

        assertThat(room.ask(claim).all()).containsExactly(new Sweep(1, 5000, Duration.ofMinutes(1)));

        assertThat(room.ask(claim).all()).isEmpty();
    }

    @Test
    void outletInWhichNothingWaitsIsNotSwept() {
        assertThat(room.ask(new ClaimSweeps(1 << 30, DAY, 10)).all()).isEmpty();
    }

    @Test
    void backlogsAreThoseWhereSomethingWaits() {
        TestRules.add(uri, "p1", null, "device.message:report", true);
        store(3, "1 hour");
        room.ask(new MeasureBacklog(1));

        assertThat(room.ask(new SelectBacklogs()).all())
                .extracting(Backlog::outlet, Backlog::waiting)
                .containsExactly(tuple(1, 3L));
    }

    @Test
    void whatIsNobodysIsRemoved() {
        store(3, "1 hour");
        TestDatabase.execute(uri, "DELETE FROM rule_action");
        TestDatabase.execute(uri, "INSERT INTO pusher VALUES (0, 77, 0)");

        assertThat(room.ask(new CollectOrphans(2)).more()).isTrue();
        assertThat(room.ask(new CollectOrphans(2)).more()).isFalse();

        assertThat(Letters.read(
                        uri,
                        "SELECT (SELECT count(*) FROM outlet) + (SELECT count(*) FROM outbox)"
                                + " + (SELECT count(*) FROM pusher) || ''"))
                .containsExactly("0");
    }

    @Test
    void deadLettersAreListedReplayedAndDeleted() {
        store(3, "1 hour");
        var _ = bury(10);

        var letters = room.ask(new ListDeadLetters(Room.PROJECT, ACTION, Page.FIRST));
        assertThat(letters.count()).isEqualTo(3);
        assertThat(letters.letters()).allMatch(letter -> letter.error().equals("answered 400"));
        long first = letters.letters().getLast().id();

        assertThat(room.ask(new ReplayDeadLetters(Room.PROJECT, ACTION, List.of(first)))
                        .count())
                .isEqualTo(1);
        assertThat(room.ask(new DeleteDeadLetters(Room.PROJECT, ACTION, null)).count())
                .isEqualTo(2);

        assertThat(Letters.read(uri, "SELECT body->>'n' FROM outbox WHERE id > " + first))
                .containsExactly("0");
        assertThat(room.ask(new SelectStatus(1)).deadLetters()).isZero();
    }

    @Test
    void olderDeadLettersAreGivenUp() {
        store(3, "1 hour");

        assertThat(bury(2)).isEqualTo(1);

        assertThat(Letters.read(uri, "SELECT body->>'n' FROM dead_letter ORDER BY id"))
                .containsExactly("1", "2");
    }

    @Test
    void deadLettersOfNoActionAreNotFound() {
        assertThat(room.failure(new ListDeadLetters(Room.PROJECT, new ActionId("other"), Page.FIRST)))
                .isInstanceOf(Failure.NotFound.class);
        assertThat(room.failure(new ReplayDeadLetters(Room.PROJECT, new ActionId("other"), null)))
                .isInstanceOf(Failure.NotFound.class);
    }

    @Test
    void notesAddUp() {
        room.ask(new NoteOutlets(List.of(new OutletNote(1, 5, 2, 0, "answered 500", Room.NOW, true))));
        room.ask(new NoteOutlets(List.of(new OutletNote(1, 1, 0, 0, null, null, false))));

        OutletStatus status = room.ask(new SelectStatus(1));
        assertThat(status.delivered()).isEqualTo(6);
        assertThat(status.failed()).isEqualTo(2);
        assertThat(status.lastError()).isEqualTo("answered 500");
        assertThat(status.lastErrorTime()).isEqualTo(Room.NOW);
        assertThat(status.paused()).isFalse();
    }

    @Test
    void statusOfNoOutletIsNotFound() {
        assertThat(room.failure(new SelectStatus(77))).isInstanceOf(Failure.NotFound.class);
    }

    @Test
    void flowLimitIsTheSmallestThatFits() {
        TestDatabase.execute(
                uri,
                "UPDATE rule_action SET channel = 'HTTP_FORWARDING', detail ="
                        + " '{\"url\":\"http://localhost/\",\"format\":\"DOCUMENTED\"}'");
        TestDatabase.execute(uri, """
            INSERT INTO flow_policy (policy_id, record_id, project_id, scope, scope_value, max_rate, created) VALUES
            ('1', lpad('1', 24, '0'), 'p1', 'USER', NULL, 500, now()),
            ('2', lpad('2', 24, '0'), 'p1', 'CHANNEL', 'HTTP_FORWARDING', 400, now()),
            ('3', lpad('3', 24, '0'), 'p1', 'CHANNEL', 'OBS_FORWARDING', 10, now()),
            ('4', lpad('4', 24, '0'), 'p1', 'ACTION', 'a1', 300, now()),
            ('5', lpad('5', 24, '0'), 'p1', 'RULE', 'other', 20, now())\
            """);

        assertThat(room.ask(new SelectOutlets()).outlets().getFirst().maxRate()).isEqualTo(300);
    }

    /** In all lanes in turn, numbered. */
    private void store(int count, String age) {
        TestDatabase.execute(uri, """
            INSERT INTO outbox (outlet, lane, action, project_id, device_id, subject, happened, body)
            SELECT 1, i %% 8, 1, 'p1', 'd' || i %% 8, 'device.property:report', now() - interval '%s',
                jsonb_build_object('n', i::text, 'pad', repeat('x', 20 - length(i::text)))
            FROM generate_series(0, %d) i\
            """.formatted(age, count - 1));
    }

    private void policy(String id, int bytes, int seconds) {
        TestDatabase.execute(
                uri,
                "INSERT INTO backlog_policy (policy_id, record_id, project_id, max_bytes, max_seconds, created) VALUES"
                        + " ('%s', lpad('%s', 24, '0'), 'p1', %d, %d, now())".formatted(id, id, bytes, seconds));
    }

    /** All that waits; returns how many were given up for them. */
    private int bury(int most) {
        List<Burial> all = Letters.read(uri, "SELECT lane || ' ' || id FROM outbox ORDER BY id").stream()
                .map(row -> row.split(" ", -1))
                .map(row -> new Burial(
                        new EventKey(1, Integer.parseInt(row[0]), Long.parseLong(row[1])),
                        RecordId.next(Room.NOW),
                        "answered 400"))
                .toList();
        return room.ask(new BuryEvents(all, most)).givenUp();
    }
}
