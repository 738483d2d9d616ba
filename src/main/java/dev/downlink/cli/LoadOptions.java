// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.simulator.bench.LoadPlan;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much load to make and for how long. */
final class LoadOptions {
    @Option(
            names = "--callers",
            paramLabel = "N",
            defaultValue = "512",
            description = "Commands on their way at a time: ${DEFAULT-VALUE}.")
    private int callers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Commands a second, whatever the answers; 0: as many as the callers make.")
    private double rate;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "Not measured: ${DEFAULT-VALUE}.")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationText.class,
            description = "Measured: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    LoadPlan plan() {
        return new LoadPlan(callers, rate, warmUp, duration);
    }
}
