// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What happened to the devices so far. For all threads. */
public final class FleetCounts {
    final LongAdder connected = new LongAdder();
    final LongAdder connects = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder commands = new LongAdder();
    final LongAdder answers = new LongAdder();
    final LongAdder reports = new LongAdder();
    final LongAdder unheard = new LongAdder();
    private final ConcurrentHashMap<String, LongAdder> refused = new ConcurrentHashMap<>();

    /**
     * @param connected devices at the moment
     * @param connects since the beginning
     * @param lost connections that ended unasked
     * @param reports of properties that were acknowledged
     * @param unheard reports that were not
     * @param refused attempts to connect that failed, by reason
     */
    public record Reading(
            long connected,
            long connects,
            long lost,
            long commands,
            long answers,
            long reports,
            long unheard,
            Map<String, Long> refused) {
        public long allRefused() {
            return refused.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public Reading read() {
        Map<String, Long> reasons = refused.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().sum(), (a, b) -> a, TreeMap::new));
        return new Reading(
                connected.sum(),
                connects.sum(),
                lost.sum(),
                commands.sum(),
                answers.sum(),
                reports.sum(),
                unheard.sum(),
                reasons);
    }

    void refused(String reason) {
        refused.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    }
}
