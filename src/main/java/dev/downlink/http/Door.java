// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the exchanges of one verticle instance share, and how many of them are in hand. Belongs to that instance's thread.
 */
final class Door {
    final Vertx vertx;
    final Authentication authentication;
    final BodyReader bodies;
    private final int maxInHand;
    private final Set<Exchange> inHand = new HashSet<>();
    private boolean closing;

    Door(Vertx vertx, Authentication authentication, BodyReader bodies, int maxInHand) {
        this.vertx = vertx;
        this.authentication = authentication;
        this.bodies = bodies;
        this.maxInHand = maxInHand;
    }

    /** Whether one more exchange may begin; then {@link #leave} must follow. */
    boolean enter(Exchange exchange) {
        return inHand.size() < maxInHand && inHand.add(exchange);
    }

    void leave(Exchange exchange) {
        inHand.remove(exchange);
    }

    /** Answers all that is in hand with {@link dev.downlink.protocol.Failure.ShuttingDown}. */
    void abandon() {
        List.copyOf(inHand).forEach(Exchange::abandon);
    }

    boolean closing() {
        return closing;
    }

    void close() {
        closing = true;
    }
}
