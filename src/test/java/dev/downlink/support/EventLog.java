// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What one logger says while this is open. */
public final class EventLog implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final @Nullable Level before;
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    private EventLog(Logger logger) {
        this.logger = logger;
        before = logger.getLevel();
        // another test's program may have made all of this process quiet
        logger.setLevel(Level.INFO);
        ear.start();
        logger.addAppender(ear);
    }

    public static EventLog of(String logger) {
        return new EventLog((Logger) LoggerFactory.getLogger(logger));
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.detachAppender(ear);
        logger.setLevel(before);
        ear.stop();
    }
}
