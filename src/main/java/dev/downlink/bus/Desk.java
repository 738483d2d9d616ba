// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.model.InvalidField;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import dev.downlink.telemetry.Level;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where the requests of one consumer arrive: counts what is in hand, turns every outcome into an answer. Belongs to the
 * thread of the room that registered it.
 */
final class Desk<Q extends Request<?>> {
    private final EventBus eventBus;
    private final Address address;
    private final Class<Q> type;
    private final int maxInHand;
    private final Function<Q, Answer<?>> handler;
    private final Counts counts;
    private final Level level;
    private int inHand;

    Desk(
            EventBus eventBus,
            Address address,
            Class<Q> type,
            int maxInHand,
            Function<Q, Answer<?>> handler,
            Counts counts) {
        this.eventBus = eventBus;
        this.address = address;
        this.type = type;
        this.maxInHand = maxInHand;
        this.handler = handler;
        this.counts = counts;
        level = counts.inHand(address);
    }

    /** Takes what {@link Asks} has sent, and what came by Vert.x's own way of requests. */
    void receive(Message<Object> message) {
        if (message.body() instanceof Asked asked) {
            serve(asked.request(), answer -> reply(asked, answer));
        } else {
            serve(message.body(), message::reply);
        }
    }

    /** The room was closed before it saw the message. */
    void discard(Message<Object> message) {
        Refusal closed = new Refusal(new Failure.NobodyThere(address.value()));
        if (message.body() instanceof Asked asked) {
            reply(asked, closed);
        } else {
            message.reply(closed);
        }
    }

    private void reply(Asked asked, Object answer) {
        eventBus.send(asked.answers(), new Reply(asked.number(), answer), Bus.LOCAL);
    }

    private void serve(Object request, Consumer<Object> asker) {
        if (inHand >= maxInHand) {
            counts.count(request, Outcome.BUSY);
            asker.accept(new Refusal(new Failure.Busy(address.value())));
            return;
        }
        level.set(++inHand);
        answer(request).future().onComplete(result -> {
            level.set(--inHand);
            if (result.succeeded()) {
                counts.count(request, Outcome.OK);
                asker.accept(result.result());
            } else {
                Refusal refusal = refusal(result.cause(), request);
                counts.count(request, refusal.failure() instanceof Failure.Internal ? Outcome.FAILED : Outcome.REFUSED);
                asker.accept(refusal);
            }
        });
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
