// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.event.Query;
import dev.downlink.model.ActionId;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RuleId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.StoredEvent;
import dev.downlink.telemetry.Telemetry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Feed feed = new Feed(
            new ActionId("a1"), Query.parse(null, null), new PushMeters(Telemetry.of(vertx)).of(new RuleId("r1")));
    private final Lane lane = new Lane(new LaneKey(1, 0));
    private final Turns turns = new Turns(() -> false);
    private long lastId;

    @AfterEach
    void close() throws TimeoutException {
        var _ = vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void devicesGoInTheOrderOfTheirFirstEvents() {
        store("d1", "d1", "d2");

        assertThat(line()).containsExactly("d1", "d2");
    }

    @Test
    void oneThatSentStandsBehindTheOthers() {
        store("d1", "d1", "d2");

        Turn first = turns.next();
        first.ended(first.next());
        turns.lineUp(first);

        assertThat(line()).containsExactly("d2", "d1");
    }

    @Test
    void oneWhoseEventIsUnderWayDoesNotStandInLine() {
        store("d1", "d1");

        Turn first = turns.next();
        var _ = first.next();
        turns.lineUp(first);

        assertThat(turns.hasNext()).isFalse();
    }

    @Test
    void oneThatRestsLeavesTheLineUntilItsTimeHasCome() {
        store("d1", "d2");

        turns.rest(turns.of("d1"), 100);

        assertThat(line()).containsExactly("d2");
        turns.wakeRested(99);
        assertThat(line()).isEmpty();
        turns.wakeRested(100);
        assertThat(line()).containsExactly("d1");
    }

    @Test
    void whenAllAreWokenTheOldestEventIsFirst() {
        store("d1", "d2", "d3");
        List.of("d3", "d1", "d2").forEach(key -> turns.rest(turns.of(key), 100));
        assertThat(turns.hasNext()).isFalse();

        turns.wakeAll();

        assertThat(line()).containsExactly("d1", "d2", "d3");
    }

    @Test
    void anotherDeviceIsProbedEachTime() {
        store("d1", "d2");
        turns.rest(turns.of("d1"), 100);

        assertThat(turns.probe(1)).contains(turns.of("d1"));
        assertThat(turns.probe(2)).contains(turns.of("d2"));
        assertThat(turns.probe(3)).contains(turns.of("d1"));
        assertThat(turns.hasNext()).isFalse();
    }

    @Test
    void aDeviceIsForgottenOnlyWithItsLastEvent() {
        store("d1", "d1");
        Turn turn = turns.next();

        turn.ended(turn.next());
        turns.removeIfOver(turn);
        assertThat(turns.find("d1")).isSameAs(turn);

        turn.ended(turn.next());
        turns.removeIfOver(turn);
        assertThat(turns.isEmpty()).isTrue();
    }

    private void store(String... keys) {
        for (String key : keys) {
            Turn turn = turns.of(key);
            turn.add(new Event(lane, stored(key), feed, turn));
            turns.lineUp(turn);
        }
    }

    private StoredEvent stored(String device) {
        lastId++;
        return new StoredEvent(
                lastId,
                0,
                1,
                new ProjectId("p1"),
                new DeviceId(device),
                Subject.DEVICE_MESSAGE,
                Instant.EPOCH,
                null,
                new Json("{}"));
    }

    /** Takes all out who stand in line. */
    private List<String> line() {
        List<String> keys = new ArrayList<>();
        while (turns.hasNext()) {
            keys.add(turns.next().key);
        }
        return keys;
    }
}
