// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came out of a load of commands.
 *
 * @param target what was measured
 * @param perSecond commands that went well
 * @param outcomes how often each was seen
 * @param cost what the operations of the measured time took
 * @param slices latency over time
 */
public record CommandReport(
        String target,
        LoadPlan plan,
        double perSecond,
        Map<String, Long> outcomes,
        Latency latency,
        Cost cost,
        List<Slice> slices) {
    public CommandReport {
        outcomes = Map.copyOf(outcomes);
        slices = List.copyOf(slices);
    }

    /**
     * CPU microseconds per operation and resident memory in KiB at the end; 0 where it is not known.
     *
     * @param own what the load itself cost
     */
    public record Cost(double server, double postgres, double own, long serverResident) {
        static Cost of(Meter.Reading used, long operations, long resident) {
            double count = Math.max(1, operations);
            return new Cost(used.serverCpu() / count, used.postgresCpu() / count, used.ownCpu() / count, resident);
        }

        JsonObject json() {
            return new JsonObject()
                    .put("server_cpu_us_per_op", rounded(server))
                    .put("postgres_cpu_us_per_op", rounded(postgres))
                    .put("load_cpu_us_per_op", rounded(own))
                    .put("server_rss_kib", serverResident);
        }
    }

    public long errors() {
        return outcomes.entrySet().stream()
                .filter(e -> !e.getKey().equals(Line.OK))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    public JsonObject json() {
        JsonArray overTime = new JsonArray();
        slices.forEach(slice -> overTime.add(
                slice.latency().json().put("second", slice.second()).put("errors", slice.errors())));
        return new JsonObject()
                .put("target", target)
                .put("callers", plan.callers())
                .put("rate", plan.rate())
                .put("warm_up_s", plan.warmUp().toMillis() / 1000.0)
                .put("duration_s", plan.duration().toMillis() / 1000.0)
                .put("per_second", rounded(perSecond))
                .put("errors", errors())
                .put("outcomes", new JsonObject(new TreeMap<>(outcomes)))
                .put("latency", latency.json())
                .put("cost", cost.json())
                .put("over_time", overTime);
    }

    /** Latency over time as SVG. */
    public String plot() {
        String title = String.format(Locale.ROOT, "%s, %d callers, %.0f commands/s", target, plan.callers(), perSecond);
        return LatencyPlot.svg(title, slices);
    }

    static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    /** A table for people. */
    public static String table(List<CommandReport> reports) {
        Table table = new Table(
                "target",
                "callers",
                "ops/s",
                "p50 ms",
                "p90 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms",
                "server µs/op",
                "postgres µs/op",
                "load µs/op",
                "RSS MiB",
                "errors");
        reports.forEach(report -> table.row(report.cells()));
        return table.toString();
    }

    private List<String> cells() {
        return List.of(
                target,
                plan.callers() + (plan.rate() > 0 ? String.format(Locale.ROOT, " @ %.0f/s", plan.rate()) : ""),
                String.format(Locale.ROOT, "%.0f", perSecond),
                millis(latency.p50()),
                millis(latency.p90()),
                millis(latency.p99()),
                millis(latency.p999()),
                millis(latency.max()),
                String.format(Locale.ROOT, "%.1f", cost.server),
                String.format(Locale.ROOT, "%.1f", cost.postgres),
                String.format(Locale.ROOT, "%.1f", cost.own),
                String.valueOf(cost.serverResident / 1024),
                errors() == 0 ? "0" : errors() + " " + errorsByCode());
    }

    private Map<String, Long> errorsByCode() {
        Map<String, Long> errors = new TreeMap<>(outcomes);
        errors.remove(Line.OK);
        return errors;
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.2f", micros / 1000.0);
    }
}
