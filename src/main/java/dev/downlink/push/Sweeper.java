// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.BacklogRows.ClaimSweeps;
import dev.downlink.protocol.BacklogRows.CollectOrphans;
import dev.downlink.protocol.BacklogRows.DropOldest;
import dev.downlink.protocol.BacklogRows.Dropped;
import dev.downlink.protocol.BacklogRows.DroppedEvents;
import dev.downlink.protocol.BacklogRows.MeasureBacklog;
import dev.downlink.protocol.BacklogRows.Measured;
import dev.downlink.protocol.BacklogRows.Sweep;
import dev.downlink.protocol.BacklogRows.Sweeps;
import dev.downlink.protocol.PushRows;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.push.PushMeters.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps backlogs within their bounds, the oldest events go first; and clears up behind outlets that are gone. Any node does it for
 * all, what one has taken in hand no other does. Belongs to one instance of the room.
 */
final class Sweeper {
    /** What the cloud keeps when no policy says less. */
    static final Duration MAX_AGE = Duration.ofHours(24);

    static final long MAX_BYTES = 1L << 30;

    private static final Logger LOGGER = LoggerFactory.getLogger(Sweeper.class);
    private static final int OUTLETS = 100;
    private static final int EVENTS_A_LANE = 500;
    private static final int ORPHANS = 5000;

    private final Bus bus;
    private final PushMeters meters;
    private final InstantSource clock;
    private final Supplier<List<Outlet>> outlets;

    Sweeper(Bus bus, PushMeters meters, InstantSource clock, Supplier<List<Outlet>> outlets) {
        this.bus = bus;
        this.meters = meters;
        this.clock = clock;
        this.outlets = outlets;
    }

    Future<?> sweep() {
        return bus.ask(new ClaimSweeps(MAX_BYTES, MAX_AGE, OUTLETS)).compose(this::sweep);
    }

    private Future<?> sweep(Sweeps due) {
        Future<?> swept = Future.succeededFuture();
        for (Sweep sweep : due.all()) {
            swept = swept.compose(_ -> bus.ask(new MeasureBacklog(sweep.outlet())))
                    .compose(measured -> drop(sweep, measured));
        }
        return swept;
    }

    private Future<?> drop(Sweep sweep, Measured measured) {
        long excess = measured.bytes() - sweep.maxBytes();
        boolean isTooOld = measured.oldest() != null
                && measured.oldest().plus(sweep.maxAge()).isBefore(clock.instant());
        return excess > 0 || isTooOld
                ? drop(sweep, Math.max(0, excess), 0)
                        .onSuccess(events -> LOGGER.warn(
                                "events dropped that waited too long or were too many outlet={} events={}",
                                sweep.outlet(),
                                events))
                : Future.succeededFuture();
    }

    /** @param before how many are dropped already */
    private Future<Long> drop(Sweep sweep, long bytes, long before) {
        return bus.ask(new DropOldest(sweep.outlet(), sweep.maxAge(), bytes, EVENTS_A_LANE))
                .compose(dropped -> {
                    long events = before + count(dropped);
                    return dropped.more()
                            ? drop(sweep, Math.max(0, bytes - dropped.bytes()), events)
                            : Future.succeededFuture(events);
                });
    }

    private long count(Dropped dropped) {
        long count = 0;
        for (DroppedEvents events : dropped.events()) {
            count += events.count();
            feeds(events.action())
                    .forEach(feed -> meters.of(feed.rule()).events().count(Outcome.DROPPED, events.count()));
        }
        return count;
    }

    /** None for an action whose rule is not active. */
    private List<PushRows.Feed> feeds(int action) {
        return outlets.get().stream()
                .flatMap(outlet -> outlet.feeds().stream())
                .filter(feed -> feed.action() == action)
                .toList();
    }

    Future<?> collectOrphans() {
        return bus.ask(new CollectOrphans(ORPHANS))
                .compose(collected -> collected.more() ? collectOrphans() : Future.succeededFuture());
    }
}
