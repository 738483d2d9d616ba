// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How often each of some words was said. All are there from the start, with 0. Safe for all threads. */
public final class Tally<E extends Enum<E>> {
    private final EnumMap<E, Amount> amounts;

    /** @param amounts one for each word */
    Tally(Map<E, Amount> amounts) {
        this.amounts = new EnumMap<>(amounts);
    }

    public void count(E word) {
        Objects.requireNonNull(amounts.get(word)).one();
    }

    /** As if it was said so often. */
    public void count(E word, long times) {
        Objects.requireNonNull(amounts.get(word)).add(times);
    }
}
