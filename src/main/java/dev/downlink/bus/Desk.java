// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.model.InvalidField;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.function.Function;

/**
 * Where the requests of one consumer arrive: counts what is in hand, turns every outcome into an answer. Belongs to the
 * thread of the room that registered it.
 */
final class Desk<Q extends Request<?>> {
    private final Address address;
    private final Class<Q> type;
    private final int maxInHand;
    private final Function<Q, Answer<?>> handler;
    private int inHand;

    Desk(Address address, Class<Q> type, int maxInHand, Function<Q, Answer<?>> handler) {
        this.address = address;
        this.type = type;
        this.maxInHand = maxInHand;
        this.handler = handler;
    }

    void receive(Message<Q> message) {
        if (inHand >= maxInHand) {
            message.reply(new Refusal(new Failure.Busy(address.value())));
            return;
        }
        inHand++;
        answer(message).future().onComplete(result -> {
            inHand--;
            message.reply(result.succeeded() ? result.result() : refusal(result.cause(), message.body()));
        });
    }

    private Answer<?> answer(Message<Q> message) {
        try {
            return handler.apply(type.cast(message.body()));
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
