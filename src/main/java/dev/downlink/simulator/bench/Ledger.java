// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.DeviceId;
import dev.downlink.simulator.Inbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the gateway has acknowledged to the application and what arrived, at the devices or as events. For all threads. */
final class Ledger implements Inbox {
    private final boolean keeps;
    private final Map<DeviceId, Queue<String>> acknowledged = new ConcurrentHashMap<>();
    private final Map<DeviceId, Queue<String>> received = new ConcurrentHashMap<>();
    private final LongAdder arrivals = new LongAdder();

    private Ledger(boolean keeps) {
        this.keeps = keeps;
    }

    /** One that remembers every message. */
    static Ledger keeping() {
        return new Ledger(true);
    }

    /** One that only counts. */
    static Ledger counting() {
        return new Ledger(false);
    }

    void acknowledged(DeviceId device, String message) {
        note(acknowledged, device, message);
    }

    @Override
    public void received(DeviceId device, String payload) {
        arrived(device, Operation.text(payload, "id"));
    }

    void arrived(DeviceId device, String message) {
        arrivals.increment();
        note(received, device, message);
    }

    private void note(Map<DeviceId, Queue<String>> where, DeviceId device, String message) {
        if (keeps) {
            boolean _ = where.computeIfAbsent(device, _ -> new ConcurrentLinkedQueue<>())
                    .add(message);
        }
    }

    /** Messages that arrived, again and again too. */
    long arrivals() {
        return arrivals.sum();
    }

    /**
     * How the two sides fit.
     *
     * @param lost acknowledged and never arrived
     * @param twice arrivals of what had arrived before
     * @param disordered devices that got messages in another order than that of their acknowledgement
     */
    record Balance(long acknowledged, long lost, long twice, long disordered) {}

    Balance balance() {
        long all = 0;
        long lost = 0;
        long twice = 0;
        long disordered = 0;
        for (Map.Entry<DeviceId, Queue<String>> entry : acknowledged.entrySet()) {
            List<String> sent = List.copyOf(entry.getValue());
            List<String> got = List.copyOf(received.getOrDefault(entry.getKey(), new ConcurrentLinkedQueue<>()));
            Set<String> once = new HashSet<>(got);
            all += sent.size();
            twice += got.size() - once.size();
            lost += sent.stream().filter(id -> !once.contains(id)).count();
            disordered += sorted(got, sent) ? 0 : 1;
        }
        return new Balance(all, lost, twice, disordered);
    }

    /** Whether the first arrivals of what was acknowledged came in its order. */
    private static boolean sorted(List<String> got, List<String> sent) {
        List<String> first = new ArrayList<>(new LinkedHashSet<>(got));
        first.retainAll(Set.copyOf(sent));
        return first.equals(sent.stream().filter(Set.copyOf(first)::contains).toList());
    }
}
