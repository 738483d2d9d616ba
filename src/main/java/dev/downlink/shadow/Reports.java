// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.config.Settings;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.ServiceReport;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.Tally;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices reported and is not yet written, each device's values together, in the order in which they began to wait. A
 * device is written once at a time; what it reports meanwhile waits for the next time. While nothing can be written,
 * the pauses grow, and when there is no more room the oldest are given up. Belongs to one verticle instance.
 */
final class Reports {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reports.class);
    /** Devices written at a time. */
    private static final int MAX_UNDERWAY = 256;

    private static final Duration FIRST_REST = Duration.ofMillis(500);
    private static final int MAX_DOUBLINGS = 5;
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final long CLOSING_PAUSE_MILLIS = 250;

    private final Settings.Shadow settings;
    private final Writing writing;
    private final InstantSource clock;
    private final Tally<Report> outcomes;
    private final Level level;

    private final LinkedHashMap<DeviceId, Unwritten> waiting = new LinkedHashMap<>();
    private final Map<DeviceId, Promise<Void>> underway = new HashMap<>();
    /** Of all that waits or is under way. */
    private int weight;
    /** How many of those that wait are to be written now. */
    private int due;

    /** Attempts that failed, one after the other. */
    private int failures;

    private Instant restUntil = Instant.EPOCH;
    private boolean closed;

    Reports(Settings.Shadow settings, Writing writing, InstantSource clock, Tally<Report> outcomes, Level level) {
        this.settings = settings;
        this.writing = writing;
        this.clock = clock;
        this.outcomes = outcomes;
        this.level = level;
    }

    /** Whether values may wait to be written with others. */
    private boolean gathers() {
        return settings.flushInterval().isPositive();
    }

    /** @throws Failed with {@link Failure.Busy} or {@link Failure.ShuttingDown} */
    Future<Done> take(List<DeviceReport> reports) {
        if (closed) {
            throw new Failed(new Failure.ShuttingDown());
        }
        makeRoom(reports);
        Instant now = clock.instant();
        List<Future<Void>> written = new ArrayList<>();
        for (DeviceReport report : reports) {
            take(report, now);
            if (!gathers()) {
                written.add(flush(report.device()));
            }
        }
        level.set(weight);
        return Future.join(written).map(Done.DONE);
    }

    private void take(DeviceReport report, Instant now) {
        Unwritten values = waiting.computeIfAbsent(report.device(), _ -> new Unwritten());
        int before = values.weight();
        for (ServiceReport service : report.services()) {
            values.add(service, now);
            outcomes.count(Report.TAKEN);
        }
        weight += values.weight() - before;
    }

    private void makeRoom(List<DeviceReport> reports) {
        int more = 0;
        for (DeviceReport report : reports) {
            for (ServiceReport service : report.services()) {
                for (Object value : service.properties().values()) {
                    more += Values.weight(value);
                }
            }
        }
        while (weight + more > settings.maxWaiting() && failures > 0 && !waiting.isEmpty()) {
            giveUp(waiting.pollFirstEntry().getValue());
        }
        if (weight + more > settings.maxWaiting()) {
            outcomes.count(Report.BUSY);
            flush();
            throw new Failed(new Failure.Busy("shadow"));
        }
    }

    private void giveUp(Unwritten values) {
        values.services().forEach(_ -> outcomes.count(Report.LOST));
        weight -= values.weight();
    }

    /** Begins to write all that waits now. */
    void flush() {
        if (!clock.instant().isBefore(restUntil)) {
            due = waiting.size();
            pump();
        }
    }

    private void pump() {
        while (due > 0 && underway.size() < MAX_UNDERWAY && !waiting.isEmpty()) {
            due--;
            DeviceId next = waiting.firstEntry().getKey();
            if (underway.containsKey(next)) {
                // its turn comes again behind the others
                waiting.putLast(next, waiting.pollFirstEntry().getValue());
            } else {
                var _ = write(next, waiting.pollFirstEntry().getValue());
            }
        }
    }

    /** Completes when all that a device has reported by now is written; fails when it cannot be now. */
    Future<Void> flush(DeviceId device) {
        Promise<Void> before = underway.get(device);
        Unwritten values = waiting.get(device);
        if (before != null) {
            return values == null ? before.future() : before.future().transform(_ -> flush(device));
        }
        if (values == null) {
            return Future.succeededFuture();
        }
        waiting.remove(device);
        return write(device, values);
    }

    private Future<Void> write(DeviceId device, Unwritten values) {
        Promise<Void> done = Promise.promise();
        underway.put(device, done);
        int before = values.weight();
        writing.write(device, values).onComplete(result -> {
            underway.remove(device);
            weight -= before - values.weight();
            if (result.succeeded()) {
                failures = 0;
                done.complete();
            } else {
                failed(device, values, result.cause());
                done.fail(result.cause());
            }
            level.set(weight);
            pump();
        });
        return done.future();
    }

    private void failed(DeviceId device, Unwritten left, Throwable why) {
        rest(why);
        if (!gathers()) {
            // whoever reported it is told
            giveUp(left);
            return;
        }
        Unwritten newer = waiting.get(device);
        if (newer == null) {
            waiting.putFirst(device, left);
        } else {
            int before = newer.weight() + left.weight();
            newer.addOlder(left);
            weight -= before - newer.weight();
        }
    }

    /** Those that were under way together fail together, and count once. */
    private void rest(Throwable why) {
        if (failures > 0 && clock.instant().isBefore(restUntil)) {
            return;
        }
        if (failures == 0) {
            LOGGER.warn("reported values cannot be written now, error={}", why.getMessage());
        }
        int doublings = Math.min(failures++, MAX_DOUBLINGS);
        due = 0;
        restUntil = clock.instant().plus(FIRST_REST.multipliedBy(1L << doublings));
    }

    /** Takes no more. Completes when all is written or the time for that is over; what is left then is lost. */
    Future<Void> close(Vertx vertx) {
        closed = true;
        return drain(vertx, clock.instant().plus(CLOSING)).onComplete(_ -> {
            if (!waiting.isEmpty()) {
                LOGGER.warn("reported values of {} devices are lost, they cannot be written", waiting.size());
                waiting.values().forEach(this::giveUp);
                waiting.clear();
            }
        });
    }

    private Future<Void> drain(Vertx vertx, Instant until) {
        due = waiting.size();
        pump();
        if ((underway.isEmpty() && waiting.isEmpty()) || !clock.instant().isBefore(until)) {
            return Future.succeededFuture();
        }
        List<Future<Void>> now = underway.values().stream().map(Promise::future).toList();
        return Future.join(now)
                .recover(_ -> vertx.timer(CLOSING_PAUSE_MILLIS).mapEmpty())
                .transform(_ -> drain(vertx, until));
    }
}
