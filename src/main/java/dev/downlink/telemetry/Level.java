// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import java.util.concurrent.atomic.AtomicInteger;

/** How much of something one room instance has at the moment. Changed by one thread, read by any. */
public final class Level {
    private final AtomicInteger value = new AtomicInteger();

    public Level() {}

    public void up() {
        value.setOpaque(value.getPlain() + 1);
    }

    public void down() {
        value.setOpaque(value.getPlain() - 1);
    }

    public void set(int now) {
        value.setOpaque(now);
    }

    int value() {
        return value.getOpaque();
    }
}
