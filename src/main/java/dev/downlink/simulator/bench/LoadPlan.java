// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.time.Duration;

/**
 * How much is sent and for how long.
 *
 * @param callers commands that may be on their way at a time
 * @param rate commands a second; 0: every caller sends its next command when the last one has ended
 * @param warmUp not measured
 * @param duration measured; with rounds, the longest that they may take
 * @param rounds how often each device is sent to; 0: until the time is over
 */
public record LoadPlan(int callers, double rate, Duration warmUp, Duration duration, int rounds) {
    private static final int MAX_SLICES = 300;

    public LoadPlan {
        if (callers < 1) {
            throw new IllegalArgumentException("there must be a caller");
        }
        if (rate < 0 || duration.isZero() || duration.isNegative() || warmUp.isNegative()) {
            throw new IllegalArgumentException("rate and durations must not be negative");
        }
    }

    /** Without a number of rounds. */
    public LoadPlan(int callers, double rate, Duration warmUp, Duration duration) {
        this(callers, rate, warmUp, duration, 0);
    }

    /** A second, or more when it takes long. */
    long sliceNanos() {
        long seconds = (duration.toSeconds() + MAX_SLICES - 1) / MAX_SLICES;
        return Duration.ofSeconds(Math.max(1, seconds)).toNanos();
    }

    /** The part of one of several event loops; the callers must be as many as they. */
    LoadPlan share(int part, int parts) {
        int own = callers / parts + (part < callers % parts ? 1 : 0);
        return new LoadPlan(own, rate / parts, warmUp, duration, rounds);
    }
}
