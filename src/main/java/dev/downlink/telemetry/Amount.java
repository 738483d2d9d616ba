// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.micrometer.core.instrument.Counter;

/** A number that only grows. Safe for all threads. */
public final class Amount {
    private final Counter counter;

    Amount(Counter counter) {
        this.counter = counter;
    }

    public void one() {
        counter.increment();
    }

    public void add(long more) {
        counter.increment((double) more);
    }
}
