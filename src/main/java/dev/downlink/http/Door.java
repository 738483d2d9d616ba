// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Telemetry;
import dev.downlink.telemetry.Timings;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

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
    /** The latest in hand; each knows its neighbours. */
    private @Nullable Exchange latest;

    private int inHand;
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
        if (inHand >= maxInHand) {
            return false;
        }
        exchange.before = latest;
        if (latest != null) {
            latest.after = exchange;
        }
        latest = exchange;
        level.set(++inHand);
        return true;
    }

    /** Of one that is in hand. */
    void leave(Exchange exchange) {
        if (exchange.after == null) {
            latest = exchange.before;
        } else {
            exchange.after.before = exchange.before;
        }
        if (exchange.before != null) {
            exchange.before.after = exchange.after;
        }
        exchange.before = null;
        exchange.after = null;
        level.set(--inHand);
    }

    /** Answers all that is in hand with {@link dev.downlink.protocol.Failure.ShuttingDown}. */
    void abandon() {
        while (latest != null) {
            latest.abandon();
        }
    }

    boolean closing() {
        return closing;
    }

    void close() {
        closing = true;
    }
}
