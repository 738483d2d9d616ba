// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.bench.ConnectBench;
import dev.downlink.simulator.bench.Meter;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench connect}: all devices at once, and what they cost while they are idle. */
@Command(
        name = "connect",
        description = "Connects simulated devices as fast as it goes and measures what they cost, then and idle.",
        mixinStandardHelpOptions = true)
final class BenchConnectsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Option(
            names = "--connecting",
            paramLabel = "N",
            defaultValue = "256",
            description = "Connections being opened at a time: ${DEFAULT-VALUE}.")
    private int connecting;

    @Option(
            names = "--hold",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "How long they stay idle: ${DEFAULT-VALUE}.")
    private Duration hold = Duration.ZERO;

    @Option(names = "--tls", description = "Connects with TLS; takes every certificate.")
    private boolean tls;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (Simulation simulation = Simulation.open()) {
            int _ = client.provision(simulation.vertx(), client.authority(simulation.vertx()));
            FleetPlan plan = FleetPlan.fast(client.mqtt(tls), Dialect.GATEWAY, -1, connecting)
                    .from(FleetPlan.loopbackAddresses(client.series().count()));
            Meter meter = Meter.byPorts(client.http().port(), client.databasePort());
            ConnectBench bench =
                    new ConnectBench(simulation.vertx(), simulation.loops(), line -> ReportOptions.progress(out, line));
            ConnectBench.Report result = bench.run("gateway", client.series(), plan, meter, hold);
            report.write(out, result.table(), result.json());
            return result.counts().allRefused() == 0 ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }
}
