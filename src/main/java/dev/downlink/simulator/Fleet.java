// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** Many simulated devices, spread over event loops. Its methods may be called from any thread. */
public final class Fleet {
    private final FleetCounts counts;
    private final List<FleetShard> shards;

    private Fleet(FleetCounts counts, List<FleetShard> shards) {
        this.counts = counts;
        this.shards = shards;
    }

    /**
     * Makes a fleet of which no device is connected yet.
     *
     * @param loops event loops to spread the devices over
     * @param connectNanos is told how long each connect took, on the event loop; must be safe for all of them
     */
    public static Fleet of(
            Vertx vertx,
            List<Context> loops,
            DeviceSeries series,
            FleetPlan plan,
            InstantSource clock,
            LongConsumer connectNanos) {
        return of(vertx, loops, series, plan, clock, connectNanos, Inbox.NONE);
    }

    /** The same, with somebody who hears of their messages. */
    public static Fleet of(
            Vertx vertx,
            List<Context> loops,
            DeviceSeries series,
            FleetPlan plan,
            InstantSource clock,
            LongConsumer connectNanos,
            Inbox inbox) {
        FleetCounts counts = new FleetCounts();
        FleetShard.Surroundings all = new FleetShard.Surroundings(series, plan, clock, counts, connectNanos, inbox);
        return new Fleet(
                counts,
                IntStream.range(0, loops.size())
                        .mapToObj(i -> new FleetShard(vertx, loops.get(i), all, i, loops.size()))
                        .toList());
    }

    /** Connects all devices; completes when each has been connected once. Refused ones try again for ever. */
    public Future<Void> open() {
        return Future.all(shards.stream().map(FleetShard::begin).toList()).mapEmpty();
    }

    /**
     * Lets a device report properties with QoS 1.
     *
     * @param device number in the series
     * @param heard is told on the device's event loop
     */
    public void report(int device, Heard heard) {
        shards.get(device % shards.size()).report(device / shards.size(), heard);
    }

    public FleetCounts.Reading read() {
        return counts.read();
    }

    /** Disconnects all devices. */
    public Future<Void> close() {
        return Future.join(shards.stream().map(FleetShard::end).toList()).mapEmpty();
    }
}
