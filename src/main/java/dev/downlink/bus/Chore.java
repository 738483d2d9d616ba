// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something done again and again: the next time is a pause after the last one ended, so it never overlaps itself. A failure
 * is logged when it begins and when it is over, not each time. Belongs to one thread.
 */
public final class Chore {
    private static final Logger LOGGER = LoggerFactory.getLogger(Chore.class);
    private static final long NONE = -1;

    private final Vertx vertx;
    private final String name;
    private final Duration pause;
    private final Supplier<Future<?>> action;
    private Future<Void> running = Future.succeededFuture();
    private long timer = NONE;
    private boolean failing;
    private boolean stopped;

    public Chore(Vertx vertx, String name, Duration pause, Supplier<Future<?>> action) {
        this.vertx = vertx;
        this.name = name;
        this.pause = pause;
        this.action = action;
    }

    /** Does it now, and from then on. Completes when the first time is over; never fails. */
    public Future<Void> start() {
        running = Future.succeededFuture().compose(_ -> action.get()).transform((_, failure) -> {
            note(failure);
            schedule();
            return Future.succeededFuture();
        });
        return running;
    }

    /** Completes when the time under way is over; there is none after that. */
    public Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running;
    }

    private void schedule() {
        if (!stopped) {
            timer = vertx.setTimer(pause.toMillis(), _ -> start().onFailure(e -> LOGGER.error("{} ended", name, e)));
        }
    }

    private void note(@Nullable Throwable failure) {
        if (failure != null && !failing) {
            LOGGER.warn("{} fails, it is tried again every {} error={}", name, pause, failure.getMessage());
        } else if (failure == null && failing) {
            LOGGER.info("{} works again", name);
        }
        failing = failure != null;
    }
}
