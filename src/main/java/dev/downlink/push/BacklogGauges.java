// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.BacklogRows.Backlog;
import dev.downlink.protocol.BacklogRows.Backlogs;
import dev.downlink.protocol.BacklogRows.SelectBacklogs;
import dev.downlink.protocol.PushRows;
import dev.downlink.protocol.PushRows.Outlet;
import dev.downlink.telemetry.Level;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Shows what waits for each rule in the whole cluster. Belongs to the one instance of a node that does this. */
final class BacklogGauges {
    private final Bus bus;
    private final PushMeters meters;
    private final InstantSource clock;
    private final Supplier<List<Outlet>> outlets;
    private final Map<String, Gauges> gauges = new HashMap<>();

    private record Gauges(Level waiting, Level lag) {}

    BacklogGauges(Bus bus, PushMeters meters, InstantSource clock, Supplier<List<Outlet>> outlets) {
        this.bus = bus;
        this.meters = meters;
        this.clock = clock;
        this.outlets = outlets;
    }

    Future<?> refresh() {
        return bus.ask(new SelectBacklogs()).onSuccess(this::show);
    }

    private void show(Backlogs found) {
        Map<Integer, Backlog> backlogs =
                found.all().stream().collect(Collectors.toMap(Backlog::outlet, backlog -> backlog));
        Map<String, Long> waiting = new HashMap<>();
        Map<String, Long> lags = new HashMap<>();
        for (Outlet outlet : outlets.get()) {
            Backlog backlog = backlogs.get(outlet.id());
            if (backlog == null) {
                continue;
            }
            for (PushRows.Feed feed : outlet.feeds()) {
                String rule = meters.label(feed.rule());
                var _ = waiting.merge(rule, backlog.waiting(), Long::sum);
                var _ = lags.merge(rule, lag(backlog), Math::max);
            }
        }
        waiting.keySet().forEach(this::gauges);
        gauges.forEach((rule, shown) -> {
            shown.waiting().set(Math.toIntExact(Math.min(Integer.MAX_VALUE, waiting.getOrDefault(rule, 0L))));
            shown.lag().set(Math.toIntExact(lags.getOrDefault(rule, 0L)));
        });
    }

    private long lag(Backlog backlog) {
        return Math.max(0, Duration.between(backlog.oldest(), clock.instant()).toSeconds());
    }

    private void gauges(String rule) {
        var _ = gauges.computeIfAbsent(rule, r -> new Gauges(meters.waiting(r), meters.lag(r)));
    }
}
