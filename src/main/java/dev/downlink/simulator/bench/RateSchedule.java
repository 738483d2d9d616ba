// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.util.concurrent.TimeUnit;

/**
 * When each command of a fixed rate is to begin, whatever became of those before it. Latency counts from this moment, so that
 * a server that stands still is charged for all that should have begun meanwhile.
 */
final class RateSchedule {
    private final long start;
    private final double interval;
    private long next;

    /**
     * @param start of the first command, as {@link System#nanoTime()} tells it
     * @param perSecond commands
     */
    RateSchedule(long start, double perSecond) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("the rate must be above 0");
        }
        this.start = start;
        this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** When the next command is to begin. */
    long next() {
        return start + Math.round(next * interval);
    }

    boolean isDue(long now) {
        return next() - now <= 0;
    }

    /** When the command that is begun now was to begin. */
    long take() {
        long intended = next();
        next++;
        return intended;
    }

    /** How many more were to begin before a moment and did not. */
    long missed(long until) {
        long due = 0;
        while (next() - until < 0) {
            next++;
            due++;
        }
        return due;
    }
}
