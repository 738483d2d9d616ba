// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Bus;
import dev.downlink.protocol.PushRows.EventKey;
import dev.downlink.protocol.PushRows.Ids;
import dev.downlink.protocol.PushRows.LanePage;
import dev.downlink.protocol.PushRows.LaneRead;
import dev.downlink.protocol.PushRows.Pages;
import dev.downlink.protocol.PushRows.SelectEvents;
import dev.downlink.protocol.PushRows.SelectEventsById;
import dev.downlink.protocol.PushRows.SelectIds;
import dev.downlink.protocol.PushRows.Stretch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Reads for all outlets of an instance, one statement at a time: the next events of all lanes whose outlets have room, and, when
 * something was stored lately, whether there is something before what was read. Belongs to one instance of the room.
 */
final class Reader {
    private static final int MAX_LANES = 256;
    private static final int MAX_EVENTS = 4096;
    private static final int FEW_LATE = 8;
    private static final int MAX_LATE = 64;
    private static final int MAX_STRETCHES = 2048;
    private static final long RETRY_MILLIS = 500;

    private final Vertx vertx;
    private final Bus bus;
    private final Map<Integer, Pump> pumps;
    private boolean isReading;
    private boolean isWanted;
    private boolean isStopped;
    private long settled = Long.MAX_VALUE;
    /** Where the last read left off, so that no outlet is always the last. */
    private int turn;

    Reader(Vertx vertx, Bus bus, Map<Integer, Pump> pumps) {
        this.vertx = vertx;
        this.bus = bus;
        this.pumps = pumps;
    }

    /** Something was stored, or soon will be; what has a smaller id than {@code settled} has had its time. */
    void stored(long before) {
        settled = Math.min(settled, before);
        pumps.values().forEach(pump -> pump.lanes().forEach(Lane::nudge));
        read();
    }

    /** An outlet may have room. Reads only when the work of the moment is done. */
    void want() {
        if (!isWanted && !isReading) {
            isWanted = true;
            vertx.runOnContext(_ -> read());
        }
    }

    void stop() {
        isStopped = true;
    }

    private void read() {
        isWanted = false;
        if (isReading || isStopped) {
            return;
        }
        pumps.values().forEach(pump -> pump.lanes().forEach(Lane::readBegins));
        List<Stretch> stretches = unsettled();
        if (!stretches.isEmpty()) {
            begin(readLate(stretches));
            return;
        }
        List<LaneRead> reads = reads();
        if (!reads.isEmpty()) {
            begin(bus.ask(new SelectEvents(reads)).onSuccess(found -> hand(found, Pump::take)));
        }
    }

    private void begin(Future<?> reading) {
        isReading = true;
        reading.onComplete(result -> {
            isReading = false;
            if (result.succeeded()) {
                read();
            } else {
                var _ = vertx.setTimer(RETRY_MILLIS, _ -> stored(settled));
            }
        });
    }

    private List<Stretch> unsettled() {
        long from = settled;
        settled = Long.MAX_VALUE;
        if (from == Long.MAX_VALUE) {
            return List.of();
        }
        return pumps.values().stream()
                .flatMap(pump -> pump.lanes().stream())
                .filter(lane -> !lane.isGivenUp() && !lane.hasLeftOut() && lane.after() > from)
                .map(lane -> lane.unsettled(from))
                .limit(MAX_STRETCHES)
                .toList();
    }

    private Future<?> readLate(List<Stretch> stretches) {
        return bus.ask(new SelectIds(stretches))
                .map(this::late)
                .compose(late -> late.isEmpty()
                        ? Future.succeededFuture()
                        : bus.ask(new SelectEventsById(late)).onSuccess(found -> hand(found, Pump::takeLate)));
    }

    /** The events to read one by one. A lane with many of them is read again from the first on. */
    private List<EventKey> late(Ids ids) {
        Map<Lane, List<EventKey>> unknown = new LinkedHashMap<>();
        for (EventKey event : ids.events()) {
            Pump pump = pumps.get(event.outlet());
            Lane lane = pump == null ? null : pump.lane(event.lane());
            if (lane != null && !lane.knows(event.id())) {
                unknown.computeIfAbsent(lane, _ -> new ArrayList<>()).add(event);
            }
        }
        List<EventKey> late = new ArrayList<>();
        unknown.forEach((lane, events) -> {
            if (events.size() > FEW_LATE || late.size() > MAX_LATE) {
                lane.goBackTo(events.stream().mapToLong(EventKey::id).min().orElseThrow());
            } else {
                late.addAll(events);
            }
        });
        return late;
    }

    private List<LaneRead> reads() {
        List<Pump> all = new ArrayList<>(pumps.values());
        List<LaneRead> reads = new ArrayList<>();
        int events = 0;
        int first = all.isEmpty() ? 0 : turn % all.size();
        for (int i = 0; i < all.size() && reads.size() < MAX_LANES && events < MAX_EVENTS; i++) {
            turn = first + i + 1;
            int before = reads.size();
            all.get((first + i) % all.size()).reads(reads);
            events += sum(reads.subList(before, reads.size()));
        }
        return reads;
    }

    private static int sum(Collection<LaneRead> reads) {
        return reads.stream().mapToInt(LaneRead::limit).sum();
    }

    private void hand(Pages found, BiConsumer<Pump, LanePage> take) {
        for (LanePage page : found.pages()) {
            Pump pump = pumps.get(page.outlet());
            if (pump != null) {
                take.accept(pump, page);
                pump.run();
            }
        }
    }
}
