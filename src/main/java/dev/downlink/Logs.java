// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.downlink.config.Settings;
import dev.downlink.telemetry.JsonLines;
import org.slf4j.LoggerFactory;

/** How much a process logs, and in which form. */
public final class Logs {
    private Logs() {}

    /** Every appender to the console writes lines of this format from now on. */
    static void write(Settings.Log.Format format) {
        if (format == Settings.Log.Format.TEXT
                || !(LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root)) {
            return;
        }
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                JsonLines lines = new JsonLines();
                lines.setContext(root.getLoggerContext());
                lines.start();
                console.setEncoder(lines);
            }
        });
    }

    /** Warnings only: for commands whose output somebody reads. */
    public static void quiet() {
        if (LoggerFactory.getLogger("dev.downlink") instanceof Logger logger) {
            logger.setLevel(Level.WARN);
        }
    }
}
