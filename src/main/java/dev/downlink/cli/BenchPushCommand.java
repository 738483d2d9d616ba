// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.simulator.bench.LoadPlan;
import dev.downlink.simulator.bench.PushBench;
import dev.downlink.simulator.bench.PushReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench push}: events that are pushed to an application. */
@Command(
        name = "push",
        description = {
            "Starts a gateway with an embedded database and lets messages make events for a rule whose receiver is"
                    + " down, then lets the receiver take the backlog, then what comes at a rate.",
            "Says what it cost and whether every event arrived, once and in order."
        },
        mixinStandardHelpOptions = true)
final class BenchPushCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final OwnGatewayOptions own = new OwnGatewayOptions(1000);

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Option(
            names = "--per-device",
            paramLabel = "N",
            defaultValue = "50",
            description = "Events of each device in the backlog: ${DEFAULT-VALUE}.")
    private int perDevice;

    @Option(
            names = "--callers",
            paramLabel = "N",
            defaultValue = "256",
            description = "Messages on their way at a time: ${DEFAULT-VALUE}.")
    private int callers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Messages a second when there is no backlog: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationText.class,
            description = "How long these come: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        LoadPlan load = new LoadPlan(callers, rate, Duration.ofSeconds(2), duration);
        PushBench.Plan plan = new PushBench.Plan(own.series(), perDevice, load, own.place(), own.jvm());
        try (Simulation simulation = Simulation.open()) {
            PushReport result = new PushBench(
                            simulation.vertx(), simulation.loops(), plan, line -> ReportOptions.progress(out, line))
                    .run();
            report.write(out, result.table(), result.json());
            return result.isClean() ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }
}
