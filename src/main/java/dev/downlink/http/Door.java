// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import io.vertx.core.Vertx;

/**
 * What the exchanges of one verticle instance share, and how many of them are in hand. Belongs to that instance's thread.
 */
final class Door {
    final Vertx vertx;
    final Authentication authentication;
    final BodyReader bodies;
    private final int maxInHand;
    private int inHand;
    private boolean closing;

    Door(Vertx vertx, Authentication authentication, BodyReader bodies, int maxInHand) {
        this.vertx = vertx;
        this.authentication = authentication;
        this.bodies = bodies;
        this.maxInHand = maxInHand;
    }

    /** Whether one more exchange may begin; then {@link #leave} must follow. */
    boolean enter() {
        if (inHand >= maxInHand) {
            return false;
        }
        inHand++;
        return true;
    }

    void leave() {
        inHand--;
    }

    boolean closing() {
        return closing;
    }

    void close() {
        closing = true;
    }
}
