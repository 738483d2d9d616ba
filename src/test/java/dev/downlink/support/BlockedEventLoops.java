// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a test class in which Vert.x saw a blocked event loop. Registered for all tests. */
public final class BlockedEventLoops implements BeforeAllCallback, AfterAllCallback {
    private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";

    private static final List<String> SEEN = new CopyOnWriteArrayList<>();

    static {
        Logger logger = (Logger) LoggerFactory.getLogger(CHECKER);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                SEEN.add(event.getFormattedMessage());
            }
        };
        appender.start();
        logger.addAppender(appender);
    }

    static boolean seen() {
        return !SEEN.isEmpty();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        SEEN.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!SEEN.isEmpty()) {
            throw new AssertionError("an event loop was blocked: " + SEEN);
        }
    }
}
