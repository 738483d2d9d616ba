// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.downlink.simulator.EventLoops;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The load on a clock that only the test moves. */
class LoadShardTest {
    private static final long MILLI = 1_000_000;
    private static final Offset<Long> ROUNDING = within(8L);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong();
    private final Deque<Line.Ending> inHand = new ArrayDeque<>();
    private final Line line = new HeldLine();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** Keeps every command until the test ends it. */
    private final class HeldLine implements Line {
        @Override
        public Future<Void> open() {
            return Future.succeededFuture();
        }

        @Override
        public void send(int device, Ending ending) {
            inHand.add(ending);
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    @Test
    void everyCallerSendsItsNextCommandWhenTheLastHasEnded() {
        LoadPlan plan = new LoadPlan(2, 0, Duration.ZERO, Duration.ofMillis(10));

        Recording recording = run(plan, () -> {
            assertThat(inHand).hasSize(2);
            end(3 * MILLI);
            assertThat(inHand).hasSize(2);
            end(4 * MILLI);
            end(10 * MILLI);
            assertThat(inHand).hasSize(1);
            end(11 * MILLI);
        });

        assertThat(recording.latency().count()).isEqualTo(4);
        assertThat(recording.latency().max()).isCloseTo(7000L, ROUNDING);
    }

    @Test
    void aServerThatStandsStillIsChargedForAllThatShouldHaveBegun() {
        LoadPlan plan = new LoadPlan(1, 1000, Duration.ZERO, Duration.ofMillis(10));

        Recording recording = run(plan, () -> {
            // the first takes 8 ms; those of 1 ms, 2 ms ... wait for it and are answered at once
            end(8 * MILLI);
            for (int i = 1; i <= 8; i++) {
                end(8 * MILLI);
            }
            now.set(10 * MILLI);
        });

        assertThat(recording.latency().count()).isEqualTo(9);
        assertThat(recording.latency().p50()).isCloseTo(4000L, ROUNDING);
        assertThat(recording.latency().max()).isCloseTo(8000L, ROUNDING);
    }

    @Test
    void whatCouldNotBeSentInTimeIsAnError() {
        LoadPlan plan = new LoadPlan(1, 1000, Duration.ZERO, Duration.ofMillis(10));

        Recording recording = run(plan, () -> end(12 * MILLI));

        assertThat(recording.outcomes()).containsEntry("not sent", 9L).containsEntry(Line.OK, 1L);
    }

    /** Runs the shard and does the steps on its event loop. */
    private Recording run(LoadPlan plan, Runnable steps) {
        Context loop = EventLoops.take(vertx, 1).await().getFirst();
        LoadShard shard = new LoadShard(
                loop,
                Collections.nCopies(plan.callers(), line),
                plan,
                LoadShard.Times.from(0, plan),
                () -> 0,
                now::get,
                new LongAdder());
        Future<Recording> result = EventLoops.on(loop, () -> {
            Future<Recording> running = shard.run();
            steps.run();
            return running;
        });
        return result.await();
    }

    private void end(long at) {
        now.set(at);
        inHand.remove().ended(Line.OK);
    }
}
