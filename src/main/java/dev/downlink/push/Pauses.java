// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.time.Duration;

/** How long a device waits before its event is tried again. Each pause is twice the one before. */
final class Pauses {
    private static final Duration FIRST_AFTER_REFUSAL = Duration.ofMillis(100);
    private static final Duration FIRST_AFTER_FAILURE = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Pauses() {}

    /** @param times that it was refused, 1 at least */
    static long afterRefusal(int times) {
        return pause(FIRST_AFTER_REFUSAL, times);
    }

    /** @param times that it failed, 1 at least */
    static long afterFailure(int times) {
        return pause(FIRST_AFTER_FAILURE, times);
    }

    /** In nanoseconds. */
    private static long pause(Duration first, int times) {
        return Math.min(LONGEST.toNanos(), first.toNanos() << Math.min(times - 1, 20));
    }
}
