// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much a command logs. */
final class Logs {
    private Logs() {}

    /** Warnings only: for commands whose output somebody reads. */
    static void quiet() {
        if (LoggerFactory.getLogger("dev.downlink") instanceof Logger logger) {
            logger.setLevel(Level.WARN);
        }
    }
}
