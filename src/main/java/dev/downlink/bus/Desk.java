// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.model.InvalidField;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Function;

/**
 * Where the requests of one consumer arrive: counts what is in hand, turns every outcome into an answer. Belongs to the
 * thread of the room that registered it, except {@link #ask} and {@link #isOpen}.
 */
final class Desk<Q extends Request<?>> {
    private final Context owner;
    private final Address address;
    private final Class<Q> type;
    private final int maxInHand;
    private final Function<Q, Answer<?>> handler;
    private final MessageConsumer<Q> consumer;
    private int inHand;

    /** Who waits for the outcome of a request. */
    interface Asker {
        void answered(Record answer);

        void refused(Failure why);
    }

    /** @param consumer of the room's address, which has no handler yet */
    Desk(
            Context owner,
            Address address,
            Class<Q> type,
            int maxInHand,
            Function<Q, Answer<?>> handler,
            MessageConsumer<Q> consumer) {
        this.owner = owner;
        this.address = address;
        this.type = type;
        this.maxInHand = maxInHand;
        this.handler = handler;
        this.consumer = consumer;
    }

    Future<Void> open() {
        return consumer.handler(message -> take(message.body(), new OnEventBus(message)))
                .completion();
    }

    /** False as soon as the room's verticle goes. */
    boolean isOpen() {
        return consumer.isRegistered();
    }

    /** Takes a request from any thread. */
    void ask(Request<?> request, Asker asker) {
        owner.runOnContext(_ -> take(request, asker));
    }

    private void take(Request<?> request, Asker asker) {
        if (inHand >= maxInHand) {
            asker.refused(new Failure.Busy(address.value()));
            return;
        }
        inHand++;
        answer(request).future().onComplete(result -> {
            inHand--;
            if (result.succeeded()) {
                asker.answered(result.result());
            } else {
                asker.refused(failure(result.cause(), request));
            }
        });
    }

    private Answer<?> answer(Request<?> request) {
        try {
            return handler.apply(type.cast(request));
        } catch (RuntimeException e) {
            return new Answer<>(Future.failedFuture(e));
        }
    }

    private static Failure failure(Throwable e, Object request) {
        return switch (e) {
            case Failed failed -> failed.failure();
            case InvalidField invalid -> new Failure.Invalid(invalid.field(), invalid.why());
            default -> Incidents.failure(e, request.getClass().getSimpleName());
        };
    }

    /** Somebody who asked over the event bus. */
    private record OnEventBus(Message<?> message) implements Asker {
        @Override
        public void answered(Record answer) {
            message.reply(answer);
        }

        @Override
        public void refused(Failure why) {
            message.reply(new Refusal(why));
        }
    }
}
