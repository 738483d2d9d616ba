// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections the node still takes, over all verticle instances. Safe for all threads. Sockets that have not yet
 * sent CONNECT need no seat, but there may be only twice as many sockets as seats.
 */
final class Seats {
    private final int max;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger sockets = new AtomicInteger();

    Seats(int max) {
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
