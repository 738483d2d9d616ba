// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

/**
 * A token bucket for the flow limit of an outlet, of which an instance has the part that its lanes are of all. What is not used
 * is kept for a tenth of a second, one event at least. Belongs to one instance of the room.
 */
final class Tokens {
    private static final double SECOND = 1_000_000_000.0;
    private static final double BURST_SECONDS = 0.1;

    private double perSecond;
    private double tokens;
    private long filledAt;

    /** @param eventsPerSecond 0: no limit */
    void limit(double eventsPerSecond, long now) {
        if (eventsPerSecond != perSecond) {
            fill(now);
            perSecond = eventsPerSecond;
            tokens = Math.min(tokens, most());
        }
    }

    boolean hasOne(long now) {
        if (perSecond == 0) {
            return true;
        }
        fill(now);
        return tokens >= 1;
    }

    void take() {
        tokens = Math.max(0, tokens - 1);
    }

    private void fill(long now) {
        tokens = Math.min(most(), tokens + (now - filledAt) / SECOND * perSecond);
        filledAt = now;
    }

    private double most() {
        return Math.max(1, perSecond * BURST_SECONDS);
    }
}
