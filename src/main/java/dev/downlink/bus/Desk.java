// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.model.InvalidField;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.Tally;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of one consumer arrive: counts what is in hand, turns every outcome into an answer. Belongs to the
 * thread of the room that registered it.
 */
final class Desk<Q extends Request<?>> {
    private final Address address;
    private final Class<Q> type;
    private final int maxInHand;
    private final Function<Q, Answer<?>> handler;
    private final ContextInternal context;
    private final @Nullable Loop loop;
    private final Counts counts;
    private final Map<Class<?>, Tally<Outcome>> tallies = new HashMap<>();
    private final Level level;
    private int inHand;
    private volatile boolean closed;

    /** @param loop of the context; null when it is that of a worker */
    Desk(
            Address address,
            Class<Q> type,
            int maxInHand,
            Function<Q, Answer<?>> handler,
            ContextInternal context,
            @Nullable Loop loop,
            Counts counts) {
        this.address = address;
        this.type = type;
        this.maxInHand = maxInHand;
        this.handler = handler;
        this.context = context;
        this.loop = loop;
        this.counts = counts;
        level = counts.inHand(address);
    }

    /** Whose thread it belongs to; null when that is a worker's. */
    @Nullable
    Loop loop() {
        return loop;
    }

    void close() {
        closed = true;
    }

    /** Whether its room is gone. For all threads. */
    boolean isClosed() {
        return closed;
    }

    /** Takes a request of a loop of this node. */
    void take(Asks.Ask<?> ask) {
        if (closed) {
            reply(ask, nobodyThere());
        } else {
            context.dispatch(ask, this::serve);
        }
    }

    /** Takes what was sent to any instance of the room, and what came by Vert.x's own way of requests. */
    void receive(Message<Object> message) {
        if (message.body() instanceof Asked asked) {
            serve(asked.ask());
        } else {
            serve(message.body(), message::reply);
        }
    }

    /** The room was closed before it saw the message. */
    void discard(Message<Object> message) {
        if (message.body() instanceof Asked asked) {
            reply(asked.ask(), nobodyThere());
        } else {
            message.reply(nobodyThere());
        }
    }

    private Refusal nobodyThere() {
        return new Refusal(new Failure.NobodyThere(address.value()));
    }

    private void reply(Asks.Ask<?> ask, Object answer) {
        Batch.Reply reply = new Batch.Reply(ask, answer);
        if (loop != null && loop.isHere()) {
            loop.send(ask.from(), reply);
        } else {
            ask.from().post(reply);
        }
    }

    private void serve(Asks.Ask<?> ask) {
        serve(ask.request(), answer -> reply(ask, answer));
    }

    private void serve(Object request, Consumer<Object> asker) {
        if (inHand >= maxInHand) {
            count(request, Outcome.BUSY);
            asker.accept(new Refusal(new Failure.Busy(address.value())));
            return;
        }
        level.set(++inHand);
        Future<?> answer = answer(request).future();
        if (answer.isComplete()) {
            answered(request, answer, asker);
        } else {
            answer.onComplete(_ -> answered(request, answer, asker));
        }
    }

    private void answered(Object request, Future<?> answer, Consumer<Object> asker) {
        level.set(--inHand);
        if (answer.succeeded()) {
            count(request, Outcome.OK);
            asker.accept(answer.result());
        } else {
            Refusal refusal = refusal(answer.cause(), request);
            count(request, refusal.failure() instanceof Failure.Internal ? Outcome.FAILED : Outcome.REFUSED);
            asker.accept(refusal);
        }
    }

    private void count(Object request, Outcome outcome) {
        Tally<Outcome> tally = tallies.get(request.getClass());
        if (tally == null) {
            tally = counts.tally(request.getClass());
            tallies.put(request.getClass(), tally);
        }
        tally.count(outcome);
    }

    private Answer<?> answer(Object request) {
        try {
            return handler.apply(type.cast(request));
        } catch (RuntimeException e) {
            return new Answer<>(Future.failedFuture(e));
        }
    }

    /** A request that could not be read is itself a refusal. */
    private static Refusal refusal(Throwable e, Object request) {
        return request instanceof Refusal unreadable ? unreadable : new Refusal(failure(e, request));
    }

    private static Failure failure(Throwable e, Object request) {
        return switch (e) {
            case Failed failed -> failed.failure();
            case InvalidField invalid -> new Failure.Invalid(invalid.field(), invalid.why());
            default -> Incidents.failure(e, request.getClass().getSimpleName());
        };
    }
}
