// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts failed attempts per key, for example per device or per network address. After {@code max} failures within a
 * window the key is locked for one window. Belongs to one thread, so the count is that of one verticle instance.
 *
 * <p>At most {@code capacity} keys are remembered; one more forgets the key whose last failure is longest ago.
 */
public final class Attempts {
    private final int max;
    private final Duration window;
    private final int capacity;
    private final InstantSource clock;
    /** In the order of the last failure. */
    private final LinkedHashMap<String, Failures> keys = new LinkedHashMap<>();

    public Attempts(int max, Duration window, int capacity, InstantSource clock) {
        this.max = max;
        this.window = window;
        this.capacity = capacity;
        this.clock = clock;
    }

    /** Whether nobody has failed, so that there is nothing to look up and nothing to forgive. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether an attempt may be made now. */
    public boolean allowed(String key) {
        Failures failures = keys.get(key);
        return failures == null || failures.count < max || isOver(failures);
    }

    public void failed(String key) {
        Failures before = keys.remove(key);
        Instant now = clock.instant();
        if (before == null || isOver(before)) {
            keys.put(key, new Failures(1, now));
        } else {
            int count = before.count + 1;
            keys.put(key, new Failures(count, count == max ? now : before.since));
        }
        if (keys.size() > capacity) {
            keys.pollFirstEntry();
        }
    }

    /** Forgets the key's failures. */
    public void succeeded(String key) {
        @Nullable Failures _ = keys.remove(key);
    }

    private boolean isOver(Failures failures) {
        return !clock.instant().isBefore(failures.since.plus(window));
    }

    /** @param since start of the window; once the key is locked, when that was */
    private record Failures(int count, Instant since) {}
}
