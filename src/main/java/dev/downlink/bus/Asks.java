// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Map;

/**
 * What is asked from one event loop of rooms on the same node. All answers come to one address and find who waits by their
 * number, and one sweep ends the waits that take too long: a request costs neither a registration nor a timer of its own.
 * An answer to a number that nobody waits for is dropped. Belongs to that loop's thread.
 */
final class Asks {
    /** More than all rooms of a loop take in hand; one more is refused as busy. */
    static final int MAX_WAITING = 1 << 17;

    private final EventBus eventBus;
    private final Counts counts;
    private final String answers;
    private final int maxWaiting;
    private final Deadlines deadlines = new Deadlines(System::nanoTime);
    /** Rooms that have an instance on this loop, with its address; or had one, then nobody is there. */
    private final Map<String, String> near = new HashMap<>();

    private final Map<Long, Ask<?>> waiting = new HashMap<>();
    private long last;

    private Asks(EventBus eventBus, Counts counts, String answers, int maxWaiting) {
        this.eventBus = eventBus;
        this.counts = counts;
        this.answers = answers;
        this.maxWaiting = maxWaiting;
    }

    /** To be called on the event loop. Lives as long as the Vert.x, whichever verticle asks first. */
    static Asks of(ContextInternal asker, Counts counts, int maxWaiting) {
        EventBus eventBus = asker.owner().eventBus();
        String answers = "answers/" + Thread.currentThread().threadId();
        Asks asks = new Asks(eventBus, counts, answers, maxWaiting);
        ContextInternal own = asker.owner()
                .contextBuilder()
                .withEventLoop(asker.nettyEventLoop())
                .build();
        own.dispatch(_ -> eventBus.localConsumer(answers, asks::receive));
        own.setPeriodic(Deadlines.TICK.toMillis(), _ -> asks.deadlines.expire());
        return asks;
    }

    /** A room has an instance on this loop, at an address of its own. */
    void prefer(String room, String nearest) {
        near.put(room, nearest);
    }

    /** Asks the room's instance on this loop, or any when there is none. */
    <R extends Record> Future<R> ask(ContextInternal asker, String room, Request<R> request) {
        if (waiting.size() >= maxWaiting) {
            return asker.failedFuture(new Failed(new Failure.Busy("bus")));
        }
        Ask<R> ask = new Ask<>(++last, request, room, asker.promise());
        waiting.put(ask.number, ask);
        deadlines.add(ask, deadlines.now(), request.patience());
        send(ask, near.getOrDefault(room, room));
        return ask.answer.future();
    }

    private void send(Ask<?> ask, String address) {
        eventBus.sender(address, Bus.LOCAL)
                .write(new Asked(ask.request, answers, ask.number))
                .onFailure(e -> unsent(ask, address, e));
    }

    private void unsent(Ask<?> ask, String address, Throwable e) {
        if (Bus.isGone(e) && !address.equals(ask.room)) {
            send(ask, ask.room);
        } else if (close(ask)) {
            ask.answer.tryFail(counts.failed(e, ask.room, ask.request));
        }
    }

    private void receive(Message<Reply> message) {
        Ask<?> ask = waiting.get(message.body().number());
        if (ask != null && close(ask)) {
            ask.settle(message.body().answer());
        }
    }

    /** False when it was closed before. */
    private boolean close(Ask<?> ask) {
        deadlines.remove(ask);
        return waiting.remove(ask.number, ask);
    }

    private final class Ask<R extends Record> extends Deadlines.Entry {
        final long number;
        final Request<R> request;
        final String room;
        final Promise<R> answer;

        Ask(long number, Request<R> request, String room, Promise<R> answer) {
            this.number = number;
            this.request = request;
            this.room = room;
            this.answer = answer;
        }

        /** The type of an answer is tied to that of its request by {@link Answer#to}. */
        @SuppressWarnings("unchecked")
        void settle(Object reply) {
            if (reply instanceof Refusal refusal) {
                answer.fail(new Failed(refusal.failure()));
            } else {
                answer.complete((R) reply);
            }
        }

        @Override
        protected void expired() {
            if (close(this)) {
                answer.fail(counts.noAnswer(room, request));
            }
        }
    }
}
