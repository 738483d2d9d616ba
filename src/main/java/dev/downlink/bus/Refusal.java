// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Failure;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** A {@link Failure} on the bus: the event bus turns a reply of this type into a failed future. */
final class Refusal extends ReplyException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    Refusal(Failure failure) {
        super(ReplyFailure.RECIPIENT_FAILURE, failure.toString());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
