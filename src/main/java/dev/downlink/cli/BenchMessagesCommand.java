// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.simulator.bench.MessageBench;
import dev.downlink.simulator.bench.MessageReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench message}: messages for devices that are away, that come back, and that are there. */
@Command(
        name = "message",
        description = {
            "Starts a gateway with an embedded database, stores messages for devices that are away, lets them come and"
                    + " drain, then sends to connected ones.",
            "Says what it cost and whether every acknowledged message arrived, once and in order."
        },
        mixinStandardHelpOptions = true)
final class BenchMessagesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final OwnGatewayOptions own = new OwnGatewayOptions(1000);

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Option(
            names = "--per-device",
            paramLabel = "N",
            defaultValue = "20",
            description = "Messages stored for each device while it is away: ${DEFAULT-VALUE}.")
    private int perDevice;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "100",
            description = "Characters of a message: ${DEFAULT-VALUE}.")
    private int size;

    @Option(names = "--crash", description = "Kills the gateway (kill -9) between storing and draining.")
    private boolean crash;

    @Option(
            names = "--row-by-row",
            description = "Commits each row by itself, to see what the batches of statements bring.")
    private boolean rowByRow;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        MessageBench.Plan plan = new MessageBench.Plan(
                own.series(), perDevice, load.plan(), size, crash, own.place(), variables(), own.jvm());
        try (Simulation simulation = Simulation.open()) {
            MessageReport result = new MessageBench(
                            simulation.vertx(), simulation.loops(), plan, line -> ReportOptions.progress(out, line))
                    .run();
            report.write(out, result.table(), result.json());
            return result.isClean() ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("DOWNLINK_MESSAGES_MAX_PER_DEVICE", String.valueOf(Math.max(20, perDevice)));
        if (rowByRow) {
            variables.put("DOWNLINK_DATABASE_GROUP_COMMIT", "false");
        }
        return variables;
    }
}
