// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.LogLimit;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells delivery what became of messages, until it is recorded: again with growing pauses while the database is away, also
 * for connections that ended meanwhile. Of an open connection as much may wait as its window takes; of ended ones
 * {@value #MAX_ORPHANS} reports at most: those messages are sent once more. Belongs to one verticle instance.
 */
final class Settlements {
    private static final Logger LOGGER = LoggerFactory.getLogger(Settlements.class);
    static final int MAX_ORPHANS = 10_000;
    private static final int AT_A_TIME = 1024;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;

    private final Vertx vertx;
    private final Bus bus;
    private final LogLimit logs;
    private final Queue<Report> waiting = new ArrayDeque<>();
    private long pause = FIRST_PAUSE_MILLIS;
    private int asked;
    private boolean pausing;

    private record Report(Courier courier, Letter letter, Settle settle) {}

    Settlements(Vertx vertx, LogLimit logs) {
        this.vertx = vertx;
        this.logs = logs;
        bus = Bus.of(vertx);
    }

    /** The courier is told when that is recorded. */
    void report(Courier courier, Letter letter, Settle settle) {
        Report report = new Report(courier, letter, settle);
        if (pausing && isTooMuch(courier)) {
            giveUp(report, "too many wait");
        } else {
            waiting.add(report);
            pump();
        }
    }

    private boolean isTooMuch(Courier courier) {
        return courier.isEnded() && waiting.size() >= MAX_ORPHANS;
    }

    private void pump() {
        while (!pausing && asked < AT_A_TIME && !waiting.isEmpty()) {
            ask(waiting.remove());
        }
    }

    private void ask(Report report) {
        asked++;
        bus.ask(report.settle()).onSuccess(_ -> answered(report)).onFailure(e -> failed(report, e));
    }

    private void answered(Report report) {
        asked--;
        pause = FIRST_PAUSE_MILLIS;
        report.courier().answered(report.letter());
        pump();
    }

    private void failed(Report report, Throwable e) {
        asked--;
        if (mayPass(e) && !isTooMuch(report.courier())) {
            waiting.add(report);
            pauseAfter(e);
        } else {
            giveUp(report, e.getMessage());
            pump();
        }
    }

    private void giveUp(Report report, @Nullable String why) {
        if (logs.permits()) {
            LOGGER.warn(
                    "device={} message={} its state is not recorded, error={}",
                    report.settle().key().device(),
                    report.settle().key().id(),
                    why);
        }
        report.courier().answered(report.letter());
    }

    private static boolean mayPass(Throwable e) {
        return !(e instanceof Failed failed && failed.failure() instanceof Failure.Internal);
    }

    private void pauseAfter(Throwable e) {
        if (pausing) {
            return;
        }
        LOGGER.warn("states of messages wait to be recorded: waiting={} error={}", waiting.size(), e.getMessage());
        pausing = true;
        vertx.setTimer(pause, _ -> {
            pausing = false;
            pump();
        });
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
}
