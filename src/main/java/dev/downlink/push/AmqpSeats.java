// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many consumers' connections the node still takes, over all instances of the room. Safe for all threads. Who has not yet
 * logged in needs no seat, but there may be only twice as many sockets as seats.
 */
final class AmqpSeats {
    private final int max;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger sockets = new AtomicInteger();

    AmqpSeats(int max) {
        this.max = max;
    }

    boolean takeSeat() {
        return take(taken, max);
    }

    void leaveSeat() {
        taken.decrementAndGet();
    }

    boolean takeSocket() {
        return take(sockets, 2L * max);
    }

    void leaveSocket() {
        sockets.decrementAndGet();
    }

    private static boolean take(AtomicInteger counter, long limit) {
        if (counter.incrementAndGet() <= limit) {
            return true;
        }
        counter.decrementAndGet();
        return false;
    }
}
