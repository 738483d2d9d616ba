// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked from one event loop of rooms on the same node. A reply names the request that it is for, and one sweep ends the
 * waits that take too long: a request costs neither a registration nor a timer of its own. A reply to a request that nobody
 * waits for any more is dropped. Belongs to that loop's thread.
 */
final class Asks {
    /** More than all rooms of a loop take in hand; one more is refused as busy. */
    static final int MAX_WAITING = 1 << 17;

    private final Loop loop;
    private final EventBus eventBus;
    private final Counts counts;
    private final int maxWaiting;
    private final Deadlines deadlines = new Deadlines(System::nanoTime);
    /** Rooms that have an instance on this loop, by address; or had one. */
    private final Map<String, Desk<?>> near = new HashMap<>();

    private int waiting;

    private Asks(Loop loop, EventBus eventBus, Counts counts, int maxWaiting) {
        this.loop = loop;
        this.eventBus = eventBus;
        this.counts = counts;
        this.maxWaiting = maxWaiting;
    }

    /** To be called on the event loop. */
    static Asks of(ContextInternal asker, Counts counts, int maxWaiting) {
        Loop loop = Loop.of(asker);
        Asks asks = new Asks(loop, asker.owner().eventBus(), counts, maxWaiting);
        loop.context().setPeriodic(Deadlines.TICK.toMillis(), _ -> asks.deadlines.expire());
        return asks;
    }

    Loop loop() {
        return loop;
    }

    /** A room has an instance on this loop. */
    void prefer(String room, Desk<?> nearest) {
        near.put(room, nearest);
    }

    /** The room's instance on this loop. */
    @Nullable
    Desk<?> near(String room) {
        return near.get(room);
    }

    /**
     * Asks a room.
     *
     * @param desk the instance that is to be asked; null for any that listens at the address
     */
    <R extends Record> Future<R> ask(
            ContextInternal asker, @Nullable Desk<?> desk, String address, Request<R> request) {
        if (waiting >= maxWaiting) {
            return asker.failedFuture(new Failed(new Failure.Busy("bus")));
        }
        Ask<R> ask = new Ask<>(this, request, address, asker.promise());
        waiting++;
        deadlines.add(ask, deadlines.now(), request.patience());
        Loop there = desk == null || desk.isClosed() ? null : desk.loop();
        if (desk == null || there == null) {
            eventBus.sender(address, Bus.LOCAL).write(new Asked(ask)).onFailure(e -> unsent(ask, e));
        } else {
            loop.send(there, new Batch.Question(desk, ask));
        }
        return ask.answer.future();
    }

    private void unsent(Ask<?> ask, Throwable e) {
        if (close(ask)) {
            ask.answer.tryFail(counts.failed(e, ask.room, ask.request));
        }
    }

    /** False when it was closed before. */
    private boolean close(Ask<?> ask) {
        if (!ask.open) {
            return false;
        }
        ask.open = false;
        waiting--;
        deadlines.remove(ask);
        return true;
    }

    /** A request and who waits for its answer. */
    static final class Ask<R extends Record> extends Deadlines.Entry {
        private final Asks asker;
        private final Request<R> request;
        private final String room;
        private final Promise<R> answer;
        private boolean open = true;

        Ask(Asks asker, Request<R> request, String room, Promise<R> answer) {
            this.asker = asker;
            this.request = request;
            this.room = room;
            this.answer = answer;
        }

        /** For all threads. */
        Request<R> request() {
            return request;
        }

        /** Where the reply goes. For all threads. */
        Loop from() {
            return asker.loop;
        }

        /** The type of an answer is tied to that of its request by {@link Answer#to}. */
        @SuppressWarnings("unchecked")
        void settle(Object reply) {
            if (!asker.close(this)) {
                return;
            }
            if (reply instanceof Refusal refusal) {
                answer.fail(new Failed(refusal.failure()));
            } else {
                answer.complete((R) reply);
            }
        }

        @Override
        protected void expired() {
            if (asker.close(this)) {
                answer.fail(asker.counts.noAnswer(room, request));
            }
        }
    }
}
