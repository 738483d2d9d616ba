// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what misbehaving devices can write into the log: a number of lines per second and verticle instance, and then one
 * line that says how many were left out. Belongs to one verticle instance.
 */
public final class LogLimit {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogLimit.class);

    private final int perSecond;
    private int lines;

    public LogLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether one more line may be written. */
    public boolean permits() {
        return ++lines <= perSecond;
    }

    /** A second is over. */
    public void tick() {
        if (lines > perSecond) {
            LOGGER.warn("{} more lines about devices were left out", lines - perSecond);
        }
        lines = 0;
    }
}
