// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import java.util.concurrent.atomic.LongAdder;

/**
 * A number that only grows: a part of a meter, which shows the sum of its parts. Whoever counts has a part of his own, so that
 * threads do not wait for each other. Safe for all threads.
 */
public final class Amount {
    private final LongAdder value = new LongAdder();

    Amount() {}

    public void one() {
        value.increment();
    }

    public void add(long more) {
        value.add(more);
    }

    long value() {
        return value.sum();
    }
}
