// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.model.RecordId;
import dev.downlink.protocol.DeadLetterRows.Burial;
import dev.downlink.protocol.DeadLetterRows.Buried;
import dev.downlink.protocol.DeadLetterRows.BuryEvents;
import dev.downlink.protocol.PushRows.DeleteEvents;
import dev.downlink.protocol.PushRows.EventKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the rows out of the outbox whose events were dealt with: in batches, one at a time, again and again until it works.
 * When too many wait for that, nothing more is sent. Belongs to one instance of the room.
 */
final class Endings {
    /** More than that are sent again after a crash of the database's host only. */
    static final int MAX_WAITING = 4096;

    private static final Logger LOGGER = LoggerFactory.getLogger(Endings.class);
    private static final int BATCH = 1024;
    private static final int ENOUGH = 512;
    /** So that few statements do for many events. */
    private static final long GATHER_MILLIS = 20;

    private static final long RETRY_MILLIS = 500;

    private final Vertx vertx;
    private final Bus bus;
    private final int maxDeadLetters;
    private final InstantSource clock;
    private final Runnable drained;
    private final Deque<Ending> waiting = new ArrayDeque<>();
    private final Deque<Flush> flushes = new ArrayDeque<>();
    private long added;
    private long done;
    private boolean isWriting;
    private boolean isScheduled;
    private boolean wasFull;

    /** @param error null: it was sent, or nobody asks for it */
    private record Ending(Lane lane, long id, @Nullable String error) {
        EventKey key() {
            return new EventKey(lane.key.outlet(), lane.key.lane(), id);
        }
    }

    private record Flush(long upTo, Promise<Void> promise) {}

    /** @param drained called when there is room again */
    Endings(Vertx vertx, Bus bus, int maxDeadLetters, InstantSource clock, Runnable drained) {
        this.vertx = vertx;
        this.bus = bus;
        this.maxDeadLetters = maxDeadLetters;
        this.clock = clock;
        this.drained = drained;
    }

    void delete(Lane lane, long id) {
        add(new Ending(lane, id, null));
    }

    /** Makes it a dead letter. */
    void bury(Lane lane, long id, String error) {
        add(new Ending(lane, id, error));
    }

    boolean isFull() {
        wasFull |= waiting.size() >= MAX_WAITING;
        return waiting.size() >= MAX_WAITING;
    }

    /** Completes when all that was given until now is written. */
    Future<Void> flush() {
        if (done == added) {
            return Future.succeededFuture();
        }
        Flush flush = new Flush(added, Promise.promise());
        flushes.add(flush);
        write();
        return flush.promise().future();
    }

    private void add(Ending ending) {
        added++;
        waiting.add(ending);
        if (waiting.size() >= ENOUGH) {
            write();
        } else {
            writeIn(GATHER_MILLIS);
        }
    }

    private void writeIn(long millis) {
        if (!isScheduled && !isWriting) {
            isScheduled = true;
            var _ = vertx.setTimer(millis, _ -> {
                isScheduled = false;
                write();
            });
        }
    }

    private void write() {
        if (isWriting || waiting.isEmpty()) {
            return;
        }
        isWriting = true;
        List<Ending> batch = new ArrayList<>();
        while (batch.size() < BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        write(batch).onComplete(result -> {
            isWriting = false;
            if (result.succeeded()) {
                written(batch);
            } else {
                LOGGER.debug(
                        "events cannot be taken out error={}", result.cause().getMessage());
                batch.reversed().forEach(waiting::addFirst);
                writeIn(RETRY_MILLIS);
            }
        });
    }

    private Future<?> write(List<Ending> batch) {
        List<Ending> dead = batch.stream().filter(e -> e.error() != null).toList();
        List<Ending> sent = batch.stream().filter(e -> e.error() == null).toList();
        Future<?> buried = dead.isEmpty()
                ? Future.succeededFuture()
                : bus.ask(new BuryEvents(dead.stream().map(this::burial).toList(), maxDeadLetters))
                        .onSuccess(Endings::report);
        return sent.isEmpty()
                ? buried
                : buried.compose(_ ->
                        bus.ask(new DeleteEvents(sent.stream().map(Ending::key).toList())));
    }

    private Burial burial(Ending ending) {
        return new Burial(ending.key(), RecordId.next(clock.instant()), String.valueOf(ending.error()));
    }

    private static void report(Buried buried) {
        if (buried.givenUp() > 0) {
            LOGGER.warn("dead letters given up for newer ones count={}", buried.givenUp());
        }
    }

    private void written(List<Ending> batch) {
        batch.forEach(e -> e.lane().deleted(e.id()));
        done += batch.size();
        while (!flushes.isEmpty() && flushes.element().upTo() <= done) {
            flushes.remove().promise().complete();
        }
        if (waiting.size() >= ENOUGH || !flushes.isEmpty()) {
            write();
        } else if (!waiting.isEmpty()) {
            writeIn(GATHER_MILLIS);
        }
        if (wasFull && waiting.size() < MAX_WAITING / 2) {
            wasFull = false;
            drained.run();
        }
    }
}
