// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;

/** Measures how long work waits on an event loop, by a timer that fires ten times a second. One instance for each loop. */
public final class EventLoopLag extends VerticleBase {
    private static final long PERIOD_MILLIS = 100;

    private Timer lag;
    private long expected;

    @Override
    public Future<?> start() {
        lag = Telemetry.of(vertx).timer(MeterName.EVENT_LOOP_LAG);
        expected = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
        vertx.setPeriodic(PERIOD_MILLIS, _ -> fired(System.nanoTime()));
        return Future.succeededFuture();
    }

    /** Periods that a blocked loop has left out are not counted one by one. */
    private void fired(long now) {
        lag.record(Math.max(0, now - expected), TimeUnit.NANOSECONDS);
        long next = expected + TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
        expected = Math.max(next, now);
    }
}
