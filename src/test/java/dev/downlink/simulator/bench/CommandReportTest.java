// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandReportTest {
    private static final CommandReport REPORT = new CommandReport(
            "gateway",
            new LoadPlan(64, 0, Duration.ofSeconds(1), Duration.ofSeconds(10)),
            1234.56,
            Map.of(Line.OK, 12345L, "403 IOTDA.014016", 2L, "timeout", 1L),
            new Latency(12345, 400, 900, 1500, 9000, 12000, 512.4),
            new CommandReport.Cost(41.26, 0.04, 30, 204_800),
            List.of(new Slice(0, new Latency(1, 2, 3, 4, 5, 6, 7), 8)));

    @Test
    void theTableSaysWhatWentWrong() {
        String table = CommandReport.table(List.of(REPORT));

        String[] cells = table.lines().skip(2).findFirst().orElseThrow().split(" *\\| *");
        assertThat(cells)
                .containsExactly(
                        "",
                        "gateway",
                        "64",
                        "1235",
                        "0.40",
                        "0.90",
                        "1.50",
                        "9.00",
                        "12.00",
                        "41.3",
                        "0.0",
                        "30.0",
                        "200",
                        "3 {403 IOTDA.014016=2, timeout=1}");
    }

    @Test
    void allLinesOfTheTableAreAsLong() {
        assertThat(CommandReport.table(List.of(REPORT))
                        .lines()
                        .map(String::length)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void theJsonHasAllFigures() {
        JsonObject json = REPORT.json();

        assertThat(json.getLong("errors")).isEqualTo(3);
        assertThat(json.getJsonObject("latency").getLong("p99_us")).isEqualTo(1500);
        assertThat(json.getJsonObject("cost").getDouble("server_cpu_us_per_op")).isEqualTo(41.3);
        assertThat(json.getJsonArray("over_time").getJsonObject(0).getLong("errors"))
                .isEqualTo(8);
    }
}
