// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.SessionRows.CloseSession;
import dev.downlink.telemetry.LogLimit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions whose connection is gone, until the session table knows it: written some at a time, and again with growing
 * pauses while the database is away. Bounded by the node's connections; what does not fit is left to the next clearing of
 * the node's sessions. Belongs to one verticle instance.
 */
final class EndedSessions {
    private static final Logger LOGGER = LoggerFactory.getLogger(EndedSessions.class);
    private static final int AT_A_TIME = 256;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;

    private final Vertx vertx;
    private final Bus bus;
    private final int maxWaiting;
    private final LogLimit logs;
    /** Epoch by device; of two sessions of one device only the later matters. */
    private final LinkedHashMap<DeviceId, Long> waiting = new LinkedHashMap<>();

    private final Promise<Void> drained = Promise.promise();
    private long pause = FIRST_PAUSE_MILLIS;
    private int asked;
    private int expected;
    private boolean pausing;
    private boolean draining;

    EndedSessions(Vertx vertx, int maxWaiting, LogLimit logs) {
        this.vertx = vertx;
        this.maxWaiting = maxWaiting;
        this.logs = logs;
        bus = Bus.of(vertx);
    }

    void add(DeviceId device, long epoch) {
        keep(device, epoch);
        pump();
    }

    /** Ends a session as soon as that is complete. */
    void add(DeviceId device, long epoch, Future<Void> settled) {
        expect();
        settled.onComplete(_ -> {
            add(device, epoch);
            met();
        });
    }

    /** A session is being opened, which may have to be ended. */
    void expect() {
        expected++;
    }

    /** It is known what became of one that was expected. */
    void met() {
        expected--;
        completeWhenEmpty();
    }

    /** Completes when all are written, also those that are still being opened, or the time is over. */
    Future<Void> drain(long millis) {
        draining = true;
        vertx.setTimer(millis, _ -> drained.tryComplete());
        completeWhenEmpty();
        return drained.future();
    }

    private void keep(DeviceId device, long epoch) {
        if (waiting.size() >= maxWaiting && !waiting.containsKey(device)) {
            if (logs.permits()) {
                LOGGER.warn("device={} its session's end is not recorded, too many wait", device);
            }
            return;
        }
        waiting.merge(device, epoch, Math::max);
    }

    private void pump() {
        while (!pausing && asked < AT_A_TIME) {
            Map.@Nullable Entry<DeviceId, Long> next = waiting.pollFirstEntry();
            if (next == null) {
                break;
            }
            write(next.getKey(), next.getValue());
        }
        completeWhenEmpty();
    }

    private void write(DeviceId device, long epoch) {
        asked++;
        bus.ask(new CloseSession(device, epoch)).onSuccess(_ -> written()).onFailure(e -> notWritten(device, epoch, e));
    }

    private void written() {
        asked--;
        pause = FIRST_PAUSE_MILLIS;
        pump();
    }

    private void notWritten(DeviceId device, long epoch, Throwable e) {
        asked--;
        keep(device, epoch);
        if (!pausing) {
            LOGGER.warn("sessions that ended wait to be written: waiting={} error={}", waiting.size(), e.getMessage());
            pausing = true;
            vertx.setTimer(pause, _ -> {
                pausing = false;
                pump();
            });
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    private void completeWhenEmpty() {
        if (draining && waiting.isEmpty() && asked == 0 && expected == 0) {
            drained.tryComplete();
        }
    }
}
