// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Histograms of durations, one for each key; keys must be few. Belongs to one thread. */
public final class Timings<K> {
    private final Function<K, Timer> make;
    private final Map<K, Timer> timers = new HashMap<>();

    Timings(Function<K, Timer> make) {
        this.make = make;
    }

    /** Shows a key from now on, also when nothing is recorded. */
    public void show(K key) {
        var _ = timers.computeIfAbsent(key, make);
    }

    /** @param nanos how long it took */
    public void record(K key, long nanos) {
        timers.computeIfAbsent(key, make).record(nanos, TimeUnit.NANOSECONDS);
    }
}
