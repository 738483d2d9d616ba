// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections a node still takes at one of its doors, over all verticle instances. Safe for all threads. Who has not yet
 * begun to log in needs no seat, but there may be only twice as many sockets as seats.
 */
public final class Seats {
    private final int max;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger sockets = new AtomicInteger();

    public Seats(int max) {
        this.max = max;
    }

    public boolean takeSeat() {
        return take(taken, max);
    }

    public void leaveSeat() {
        taken.decrementAndGet();
    }

    public boolean takeSocket() {
        return take(sockets, 2L * max);
    }

    public void leaveSocket() {
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
