// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What came out of a run of {@link MessageBench}. */
public record MessageReport(List<Phase> phases, Ledger.Balance balance) {
    public MessageReport {
        phases = List.copyOf(phases);
    }

    /**
     * A part of the run.
     *
     * @param operations that went well
     * @param latency of each; empty where only the whole is timed
     * @param residentBefore KiB of the gateway
     * @param errors how often each was seen
     */
    public record Phase(
            String name,
            long operations,
            double seconds,
            Latency latency,
            CommandReport.Cost cost,
            long residentBefore,
            Map<String, Long> errors) {
        double perSecond() {
            return operations / seconds;
        }

        /** CPU microseconds of gateway and database together. */
        public double both() {
            return cost.server() + cost.postgres();
        }

        JsonObject json() {
            return new JsonObject()
                    .put("phase", name)
                    .put("operations", operations)
                    .put("seconds", CommandReport.rounded(seconds))
                    .put("per_second", CommandReport.rounded(perSecond()))
                    .put("latency", latency.json())
                    .put("cost", cost.json())
                    .put("server_rss_kib_before", residentBefore)
                    .put("errors", new JsonObject(new TreeMap<>(errors)));
        }

        /** @param what the operations are */
        static Table table(String what, List<Phase> phases) {
            Table table = new Table(
                    "phase",
                    what,
                    "seconds",
                    "ops/s",
                    "p50 ms",
                    "p99 ms",
                    "max ms",
                    "gateway µs/op",
                    "postgres µs/op",
                    "together",
                    "RSS MiB",
                    "errors");
            phases.forEach(phase -> table.row(phase.cells()));
            return table;
        }

        private List<String> cells() {
            return List.of(
                    name,
                    String.valueOf(operations),
                    String.format(Locale.ROOT, "%.1f", seconds),
                    String.format(Locale.ROOT, "%.0f", perSecond()),
                    millis(latency.p50()),
                    millis(latency.p99()),
                    millis(latency.max()),
                    String.format(Locale.ROOT, "%.1f", cost.server()),
                    String.format(Locale.ROOT, "%.1f", cost.postgres()),
                    String.format(Locale.ROOT, "%.1f", both()),
                    residentBefore / 1024 + " → " + cost.serverResident() / 1024,
                    errors.isEmpty() ? "0" : errors.toString());
        }

        private static String millis(long micros) {
            return String.format(Locale.ROOT, "%.2f", micros / 1000.0);
        }
    }

    /** Whether nothing was lost or refused and the order was kept. */
    public boolean isClean() {
        return balance.lost() == 0
                && balance.disordered() == 0
                && phases.stream().allMatch(phase -> phase.errors.isEmpty());
    }

    public JsonObject json() {
        JsonArray all = new JsonArray();
        phases.forEach(phase -> all.add(phase.json()));
        return new JsonObject()
                .put("phases", all)
                .put("acknowledged", balance.acknowledged())
                .put("lost", balance.lost())
                .put("twice", balance.twice())
                .put("disordered_devices", balance.disordered());
    }

    public String table() {
        return Phase.table("messages", phases) + "\nacknowledged " + balance.acknowledged() + ", lost " + balance.lost()
                + ", twice " + balance.twice() + ", devices with another order " + balance.disordered() + '\n';
    }
}
