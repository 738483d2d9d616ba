// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.simulator.bench.ReportBench;
import dev.downlink.simulator.bench.ReportFigures;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench report}: devices that report properties. */
@Command(
        name = "report",
        description = {
            "Starts a gateway with an embedded database and lets devices report properties with QoS 1, in turn.",
            "Says what a report cost, how many rows were written for it and whether each was acknowledged. The gateway"
                    + " takes settings from the environment (DOWNLINK_...)."
        },
        mixinStandardHelpOptions = true)
final class BenchReportsCommand implements Callable<Integer> {
    private static final int DEVICES = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final OwnGatewayOptions own = new OwnGatewayOptions(DEVICES);

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ReportBench.Plan plan = new ReportBench.Plan(own.series(), load.plan(), own.place(), own.jvm());
        try (Simulation simulation = Simulation.open()) {
            ReportFigures result = new ReportBench(
                            simulation.vertx(), simulation.loops(), plan, line -> ReportOptions.progress(out, line))
                    .run();
            report.write(out, result.table(), result.json());
            return result.isClean() ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }
}
