// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/metrics.md is written here, from the code, so that it cannot drift. */
class WrittenMetricsTest {
    private static final Path FILE = Path.of("docs", "metrics.md");

    @Test
    void everyMeterStandsInThePage() throws IOException {
        StringBuilder page = new StringBuilder("<!-- Written by WrittenMetricsTest from the code. Do not edit. -->\n")
                .append("# Metrics\n\n")
                .append("`GET /metrics` on the management port (`management.port`, 8090) answers in Prometheus' text")
                .append(" format, without a login. [grafana/downlink.json](grafana/downlink.json) draws them all.")
                .append(" A timer is a histogram in seconds with buckets from 1 ms to 60 s: `…_bucket`, `…_count`,")
                .append(" `…_sum`, `…_max`.\n\n")
                .append("| metric | kind | labels | what it says |\n|---|---|---|---|\n");
        for (MeterName meter : MeterName.values()) {
            page.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            name(meter),
                            Telemetry.word(meter.kind()),
                            String.join(", ", meter.labels()),
                            meter.description()));
        }
        page.append("\nBesides there are Micrometer's meters of the JVM (`jvm_memory_…`, `jvm_gc_…`,")
                .append(" `jvm_threads_…`) and of the process (`process_cpu_…`, `process_files_…`,")
                .append(" `process_uptime_seconds`, `system_…`). No label ever holds a device, a project or a"
                        + " secret.\n");

        assertUpToDate(page.toString());
    }

    private static String name(MeterName meter) {
        String name = meter.text().replace('.', '_');
        return switch (meter.kind()) {
            case COUNTER -> name + "_total";
            case TIMER -> name + "_seconds";
            case GAUGE, SUMMARY -> name;
        };
    }

    private static void assertUpToDate(String text) throws IOException {
        String before = Files.exists(FILE) ? Files.readString(FILE) : "";
        Files.writeString(FILE, text);
        assertThat(before)
                .as("%s was out of date and has been written anew: look at it and commit it", FILE)
                .isEqualTo(text);
    }
}
