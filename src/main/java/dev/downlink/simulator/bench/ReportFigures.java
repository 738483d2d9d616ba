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
 * @param lost connections that ended unasked
 */
public record ReportFigures(int devices, MessageReport.Phase phase, Rows rows, long lost) {

    /**
     * What the gateway's batched statements had to do.
     *
     * @param byStatement rows
     * @param reports that were acknowledged meanwhile
     */
    public record Rows(Map<String, Long> byStatement, long reports) {
        public Rows {
            byStatement = Map.copyOf(byStatement);
        }

        double writtenPerReport() {
            return perReport(new BatchRows(byStatement).written());
        }

        private double perReport(long count) {
            return (double) count / Math.max(1, reports);
        }

        private JsonObject json() {
            return new JsonObject()
                    .put("reports", reports)
                    .put("written_per_report", writtenPerReport())
                    .put("by_statement", new JsonObject(new TreeMap<>(byStatement)));
        }

        private String text() {
            return new TreeMap<>(byStatement)
                    .entrySet().stream()
                            .map(e -> String.format(Locale.ROOT, "%s %.3f", e.getKey(), perReport(e.getValue())))
                            .collect(Collectors.joining(", "));
        }
    }

    /** Whether every report was acknowledged and every device stayed. */
    public boolean isClean() {
        return phase.errors().isEmpty() && lost == 0;
    }

    public JsonObject json() {
        return phase.json().put("devices", devices).put("rows", rows.json()).put("connections_lost", lost);
    }

    public String table() {
        return MessageReport.Phase.table("reports", List.of(phase))
                + String.format(
                        Locale.ROOT,
                        "%n%d devices, connections lost %d, rows written per report %.3f (%s)%n",
                        devices,
                        lost,
                        rows.writtenPerReport(),
                        rows.text());
    }
}
