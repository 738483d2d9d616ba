// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.PushRows.ClaimLanes;
import dev.downlink.protocol.PushRows.LaneKey;
import dev.downlink.protocol.PushRows.Lanes;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.protocol.PushRows.Outlets;
import dev.downlink.protocol.PushRows.Pushers;
import dev.downlink.protocol.PushRows.ReleaseLanes;
import dev.downlink.protocol.PushRows.SelectOutlets;
import dev.downlink.protocol.PushRows.ShareLanes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which lanes this instance has: takes those that are its share and nobody's, gives back the others when what is under way of them
 * has ended and is written. Belongs to one instance of the room.
 */
final class Holdings {
    private static final Logger LOGGER = LoggerFactory.getLogger(Holdings.class);
    private static final long RETRY_MILLIS = 250;

    private final Vertx vertx;
    private final Bus bus;
    private final Self self;
    private final Endings endings;
    private final Predicate<QueueKey> attended;
    private final Function<Outlet, Pump> pumpOf;

    private final Map<Integer, Pump> pumps;
    private final Set<LaneKey> held = new HashSet<>();
    private final Set<LaneKey> leaving = new HashSet<>();
    private final Set<LaneKey> toRelease = new HashSet<>();
    private Map<Integer, Outlet> outlets = Map.of();
    private boolean isSharing;
    private boolean isSoon;
    private @Nullable Promise<Void> next;
    private boolean isStopped;

    /** Who this instance is in the cluster. */
    record Self(int node, int instance) {}

    /**
     * @param pumps of the outlets of which it has lanes
     * @param attended whether a queue has receivers here
     */
    Holdings(
            Vertx vertx,
            Bus bus,
            Self self,
            Endings endings,
            Map<Integer, Pump> pumps,
            Predicate<QueueKey> attended,
            Function<Outlet, Pump> pumpOf) {
        this.vertx = vertx;
        this.bus = bus;
        this.self = self;
        this.endings = endings;
        this.pumps = pumps;
        this.attended = attended;
        this.pumpOf = pumpOf;
    }

    List<Outlet> outlets() {
        return List.copyOf(outlets.values());
    }

    /** Reads what there is to send and where to. */
    Future<?> reload() {
        return bus.ask(new SelectOutlets()).onSuccess(this::take);
    }

    private void take(Outlets read) {
        Map<Integer, Outlet> now = new HashMap<>();
        read.outlets().forEach(outlet -> now.put(outlet.id(), outlet));
        outlets = now;
        for (Outlet outlet : read.outlets()) {
            Pump pump = pumps.get(outlet.id());
            if (pump != null) {
                pump.refresh(outlet);
            }
        }
    }

    /** Shows that this instance is there, and comes closer to its share; one time after the other. */
    Future<?> share() {
        if (!isSharing) {
            return beginSharing();
        }
        Promise<Void> again = next == null ? Promise.promise() : next;
        next = again;
        return again.future();
    }

    private Future<?> beginSharing() {
        if (isStopped) {
            return Future.succeededFuture();
        }
        isSharing = true;
        List<Integer> queues = outlets.values().stream()
                .filter(outlet ->
                        outlet.queue() != null && attended.test(new QueueKey(outlet.project(), outlet.queue())))
                .map(Outlet::id)
                .toList();
        return bus.ask(new ShareLanes(self.node(), self.instance(), queues))
                .compose(this::share)
                .onComplete(_ -> shared());
    }

    private void shared() {
        isSharing = false;
        Promise<Void> waiting = next;
        next = null;
        if (waiting != null) {
            beginSharing().<Void>mapEmpty().onComplete(waiting);
        }
    }

    private Future<?> share(Pushers pushers) {
        Set<LaneKey> wanted = new Shares(pushers.all()).of(outlets.values(), self.node(), self.instance());
        held.stream().filter(lane -> !wanted.contains(lane)).toList().forEach(this::leave);
        toRelease.removeIf(wanted::contains);
        return release()
                .compose(_ -> claim(wanted.stream().filter(this::isMissing).toList()));
    }

    private boolean isMissing(LaneKey lane) {
        if (leaving.contains(lane)) {
            Pump pump = pumps.get(lane.outlet());
            return pump != null && pump.canKeep(lane.lane());
        }
        return !held.contains(lane);
    }

    private void leave(LaneKey lane) {
        var _ = held.remove(lane);
        var _ = leaving.add(lane);
        Pump pump = pumps.get(lane.outlet());
        if (pump != null) {
            pump.giveUp(lane.lane());
        }
    }

    /** Nothing of a lane that was given up is under way any more. */
    void emptied(LaneKey lane) {
        var _ = endings.flush().onComplete(_ -> {
            var _ = leaving.remove(lane);
            var _ = toRelease.add(lane);
            closeIfIdle(lane.outlet());
            shareSoon();
        });
    }

    /** Lanes are claimed and released in order, or one that is claimed again could be released after that. */
    private void shareSoon() {
        if (!isSoon) {
            isSoon = true;
            var _ = vertx.setTimer(1, _ -> {
                isSoon = false;
                var _ = share().onFailure(e -> LOGGER.debug("outlets cannot be shared out error={}", e.getMessage()));
            });
        }
    }

    private void closeIfIdle(int outlet) {
        Pump pump = pumps.get(outlet);
        if (pump != null && pump.isIdle()) {
            pumps.remove(outlet);
            var _ = pump.close();
        }
    }

    /** What does not succeed is tried again the next time. */
    private Future<?> release() {
        List<LaneKey> lanes = List.copyOf(toRelease);
        if (lanes.isEmpty()) {
            return Future.succeededFuture();
        }
        return bus.ask(new ReleaseLanes(self.node(), self.instance(), lanes))
                .onSuccess(_ -> lanes.forEach(toRelease::remove))
                .otherwiseEmpty();
    }

    private Future<?> claim(List<LaneKey> missing) {
        if (missing.isEmpty() || isStopped) {
            return Future.succeededFuture();
        }
        return bus.ask(new ClaimLanes(self.node(), self.instance(), missing)).onSuccess(claimed -> {
            take(claimed);
            if (claimed.lanes().size() < missing.size()) {
                var _ = vertx.setTimer(RETRY_MILLIS, _ -> share().onFailure(_ -> {}));
            }
        });
    }

    private void take(Lanes claimed) {
        for (LaneKey lane : claimed.lanes()) {
            Outlet outlet = outlets.get(lane.outlet());
            if (outlet != null && !isStopped && isMissing(lane)) {
                toRelease.remove(lane);
                leaving.remove(lane);
                held.add(lane);
                pumps.computeIfAbsent(outlet.id(), _ -> pumpOf.apply(outlet)).open(lane);
            }
        }
    }

    /** This node was taken for dead: others may have its lanes by now. */
    void lose() {
        new ArrayList<>(held).forEach(this::leave);
    }

    /** Takes no more lanes. */
    void stop() {
        isStopped = true;
    }
}
