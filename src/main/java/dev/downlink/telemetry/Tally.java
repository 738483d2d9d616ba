// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How often each of some words was said. All are there from the start, with 0. Safe for all threads. */
public final class Tally<E extends Enum<E>> {
    private final EnumMap<E, Counter> counters;

    /** @param counters one for each word */
    Tally(Map<E, Counter> counters) {
        this.counters = new EnumMap<>(counters);
    }

    public void count(E word) {
        Objects.requireNonNull(counters.get(word)).increment();
    }

    /** As if it was said so often. */
    public void count(E word, long times) {
        Objects.requireNonNull(counters.get(word)).increment((double) times);
    }
}
