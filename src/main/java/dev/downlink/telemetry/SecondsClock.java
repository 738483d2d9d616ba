// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.micrometer.core.instrument.Clock;
import java.util.concurrent.TimeUnit;

/**
 * The time of day as of the last tick: Micrometer asks for it several times for each duration that it records, only to see
 * whether some minutes are over. Safe for all threads.
 */
final class SecondsClock implements Clock {
    static final long TICK_MILLIS = 1000;

    private volatile long millis = System.currentTimeMillis();

    void tick() {
        millis = System.currentTimeMillis();
    }

    @Override
    public long wallTime() {
        return millis;
    }

    /** In nanoseconds. */
    @Override
    public long monotonicTime() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
