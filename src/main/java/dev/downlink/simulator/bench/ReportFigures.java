// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came out of a run of {@link ReportBench}.
 *
 * @param rows of the gateway's batched statements, by their names
 * @param lost connections that ended unasked
 */
public record ReportFigures(int devices, MessageReport.Phase phase, Map<String, Long> rows, long lost) {
    public ReportFigures {
        rows = Map.copyOf(rows);
    }

    /** Whether every report was acknowledged and every device stayed. */
    public boolean isClean() {
        return phase.errors().isEmpty() && lost == 0;
    }

    double writtenPerReport() {
        return perReport(new BatchRows(rows).written());
    }

    private double perReport(long count) {
        return (double) count / Math.max(1, phase.operations());
    }

    public JsonObject json() {
        return phase.json()
                .put("devices", devices)
                .put("rows_written_per_report", writtenPerReport())
                .put("rows", new JsonObject(new TreeMap<>(rows)))
                .put("connections_lost", lost);
    }

    public String table() {
        Table table = new Table(
                "phase",
                "reports",
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
        table.row(List.copyOf(phase.cells()));
        String statements = new TreeMap<>(rows)
                .entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, "%s %.3f", e.getKey(), perReport(e.getValue())))
                        .collect(Collectors.joining(", "));
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%d devices, connections lost %d, rows written per report %.3f%n"
                                + "rows of batched statements per report: %s%n",
                        devices,
                        lost,
                        writtenPerReport(),
                        statements.isEmpty() ? "none" : statements);
    }
}
