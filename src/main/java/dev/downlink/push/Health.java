// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Settings;
import java.time.Duration;

/**
 * Whether a receiver seems to be there, as one instance of the room sees it. After too many failures in a row it is paused:
 * only one event is tried now and then, until one is answered. Belongs to one instance.
 */
final class Health {
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    private final int maxFailures;
    private final Duration probeInterval;
    private int failuresInRow;
    private boolean paused;
    private long probeAt;
    private boolean isAskedToWait;
    private long waitUntil;
    private long accepted;

    Health(Settings.Push settings) {
        maxFailures = settings.maxFailures();
        probeInterval = settings.probeInterval();
    }

    /** Returns whether this was the end of a pause. */
    boolean accepted() {
        accepted++;
        return answered();
    }

    /** The receiver said something about an event, so it is there. Returns whether this was the end of a pause. */
    boolean answered() {
        boolean wasPaused = paused;
        failuresInRow = 0;
        paused = false;
        return wasPaused;
    }

    /** Returns whether it is paused from now on, and was not before. */
    boolean failed(Fate.Failed fate, long now) {
        failuresInRow++;
        if (fate.after().isPositive()) {
            isAskedToWait = true;
            waitUntil = now + Math.min(fate.after().toNanos(), LONGEST_ASKED.toNanos());
        }
        boolean pauses = !paused && failuresInRow >= maxFailures;
        paused |= pauses;
        if (paused) {
            probeAt = now + probeInterval.toNanos();
        }
        return pauses;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether one event may be tried although it is paused. */
    boolean probeIsDue(long now) {
        return paused && now >= probeAt;
    }

    /** The receiver asked not to be sent anything for a while. */
    boolean isAskedToWait(long now) {
        isAskedToWait &= now < waitUntil;
        return isAskedToWait;
    }

    /** How many events the receiver has taken. */
    long count() {
        return accepted;
    }
}
