// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.proton.ProtonDelivery;
import java.util.Optional;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Outcome;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/** What a consumer says about an event that it was sent, and what that means (northbound §6.2). */
final class AmqpOutcome {
    private AmqpOutcome() {}

    /** Empty when it has not yet said anything final. What is settled without a word has the source's default outcome. */
    static Optional<DeliveryState> of(
            ProtonDelivery delivery, org.apache.qpid.proton.amqp.transport.@Nullable Source source) {
        DeliveryState state = delivery.getRemoteState();
        if (state instanceof Outcome) {
            return Optional.of(state);
        }
        return delivery.remotelySettled() ? Optional.of(byDefault(source)) : Optional.empty();
    }

    private static DeliveryState byDefault(org.apache.qpid.proton.amqp.transport.@Nullable Source source) {
        return source instanceof Source s && s.getDefaultOutcome() instanceof DeliveryState state
                ? state
                : Released.getInstance();
    }

    static Fate fate(DeliveryState outcome) {
        return switch (outcome) {
            case Accepted _ -> Fate.ACCEPTED;
            case Rejected rejected -> new Fate.Refused("rejected by the consumer" + reason(rejected.getError()));
            case Modified modified
            when Boolean.TRUE.equals(modified.getUndeliverableHere()) -> new Fate.Refused("the consumer cannot use it");
            default -> Fate.RETURNED;
        };
    }

    /** Whether the consumer has tried to use it. */
    static boolean saysFailed(DeliveryState outcome) {
        return outcome instanceof Modified modified && Boolean.TRUE.equals(modified.getDeliveryFailed());
    }

    private static String reason(@Nullable ErrorCondition error) {
        if (error == null || error.getCondition() == null) {
            return "";
        }
        String description = error.getDescription();
        return ": " + error.getCondition() + (description == null ? "" : " " + description);
    }
}
