// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Telemetry;
import dev.downlink.telemetry.Timings;
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
    /** Of requests that fit no route. */
    final Timings<Integer> elsewhere;

    private final Level level;
    private final int maxInHand;
    private final Set<Exchange> inHand = new HashSet<>();
    private boolean closing;

    Door(Vertx vertx, Authentication authentication, BodyReader bodies, int maxInHand) {
        this.vertx = vertx;
        Telemetry telemetry = Telemetry.of(vertx);
        elsewhere = telemetry.timings(MeterName.HTTP_REQUESTS, String::valueOf, "none", "none");
        level = telemetry.level(MeterName.HTTP_IN_HAND);
        this.authentication = authentication;
        this.bodies = bodies;
        this.maxInHand = maxInHand;
    }

    /** Whether one more exchange may begin; then {@link #leave} must follow. */
    boolean enter(Exchange exchange) {
        if (inHand.size() >= maxInHand || !inHand.add(exchange)) {
            return false;
        }
        level.set(inHand.size());
        return true;
    }

    void leave(Exchange exchange) {
        inHand.remove(exchange);
        level.set(inHand.size());
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
