// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's part of the bus: the rooms that have an instance on it, and what was asked from it of rooms in this
 * process. Such a request goes from context to context without Vert.x's event bus, which would register an address for the
 * answer and set a timer, for each one. Belongs to its event loop.
 */
final class Corner {
    /** How much longer than its patience somebody may wait. */
    private static final long SWEEP_MILLIS = 50;

    private final VertxInternal vertx;
    /** Of no verticle, so that what is asked by a verticle that goes still has an end. */
    private final ContextInternal own;

    private final Map<Address, Desk<?>> rooms = new HashMap<>();
    private final Set<Asked<?>> waiting = new HashSet<>();
    private boolean sweeping;

    private Corner(VertxInternal vertx, ContextInternal here) {
        this.vertx = vertx;
        own = vertx.contextBuilder().withEventLoop(here.nettyEventLoop()).build();
    }

    /** The corner of the current thread; null when that is no event loop. */
    static @Nullable Corner of(VertxInternal vertx, Map<Long, Corner> corners) {
        Long thread = Thread.currentThread().threadId();
        Corner known = corners.get(thread);
        if (known != null) {
            return known;
        }
        ContextInternal here = vertx.getContext();
        if (here == null || !here.isEventLoopContext() || !here.inThread()) {
            return null;
        }
        Corner fresh = new Corner(vertx, here);
        corners.put(thread, fresh);
        return fresh;
    }

    /** A room's instance on this event loop; a later one takes the place of an earlier one. */
    void add(Address room, Desk<?> desk) {
        rooms.put(room, desk);
    }

    /** The instance of a room on this event loop. */
    @Nullable
    Desk<?> room(Address room) {
        Desk<?> desk = rooms.get(room);
        return desk == null || !desk.isOpen() ? null : desk;
    }

    <R extends Record> Future<R> ask(Desk<?> desk, Address address, Request<R> request) {
        long deadline = System.nanoTime() + request.patience().toNanos();
        Asked<R> asked = new Asked<>(vertx.getOrCreateContext().promise(), address, request, deadline);
        waiting.add(asked);
        sweepLater();
        desk.ask(request, asked);
        return asked.promise.future().onComplete(_ -> waiting.remove(asked));
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            long _ = own.setTimer(SWEEP_MILLIS, _ -> sweep());
        }
    }

    private void sweep() {
        sweeping = false;
        long now = System.nanoTime();
        List<Asked<?>> late =
                waiting.stream().filter(asked -> asked.deadline - now <= 0).toList();
        late.forEach(Asked::giveUp);
        if (!waiting.isEmpty()) {
            sweepLater();
        }
    }

    /** A request whose answer somebody waits for. Hears the outcome on any thread, tells it on the asker's context. */
    private static final class Asked<R extends Record> implements Desk.Asker {
        private final Promise<R> promise;
        private final Address address;
        private final Request<R> request;
        private final long deadline;

        Asked(Promise<R> promise, Address address, Request<R> request, long deadline) {
            this.promise = promise;
            this.address = address;
            this.request = request;
            this.deadline = deadline;
        }

        @Override
        @SuppressWarnings("unchecked") // Answer.to ties the answer's type to the request's
        public void answered(Record answer) {
            boolean _ = promise.tryComplete((R) answer);
        }

        @Override
        public void refused(Failure why) {
            boolean _ = promise.tryFail(new Failed(why));
        }

        void giveUp() {
            refused(new Failure.NoAnswer(address.value(), request.getClass().getSimpleName()));
        }
    }
}
