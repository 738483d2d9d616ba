// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Awaiting;
import dev.downlink.model.InvalidField;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.Fleet;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.bench.CommandBench;
import dev.downlink.simulator.bench.CommandReport;
import dev.downlink.simulator.bench.Meter;
import dev.downlink.simulator.bench.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench command}: synchronous commands from callers to devices and back. */
@Command(
        name = "command",
        description = "Sends commands to simulated devices and measures how long the answers take and what they cost.",
        mixinStandardHelpOptions = true)
final class BenchCallsCommand implements Callable<Integer> {
    private static final Duration CONNECTING = Duration.ofMinutes(5);
    private static final int AT_A_TIME = 128;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Option(
            names = "--target",
            paramLabel = "KIND",
            defaultValue = "gateway",
            description = "gateway, or mqtt for calls over a plain broker: ${DEFAULT-VALUE}.")
    private Kind target = Kind.gateway;

    @Option(
            names = "--broker",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:1883",
            description = "${DEFAULT-VALUE}.")
    private String broker = "";

    @Option(
            names = "--qos",
            paramLabel = "QOS",
            defaultValue = "1",
            description = "Of calls over a broker: ${DEFAULT-VALUE}.")
    private int qos;

    @Option(
            names = "--own-devices",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Connects the devices itself, rather than simulate doing so.")
    private boolean ownDevices;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draws latency over time as SVG.")
    private @Nullable Path plot;

    @Option(names = "--server-pid", paramLabel = "PID", description = "Found by its port when absent.")
    private @Nullable Long serverPid;

    @Option(
            names = "--postgres-pid",
            paramLabel = "PID",
            description = "Found by the embedded database's port when absent.")
    private @Nullable Long postgresPid;

    enum Kind {
        gateway,
        mqtt
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (Simulation simulation = Simulation.open()) {
            Target to = target(simulation);
            Fleet fleet = Fleet.of(
                    simulation.vertx(),
                    simulation.loops(),
                    client.series(),
                    devices(),
                    InstantSource.system(),
                    _ -> {});
            if (ownDevices) {
                var _ = Awaiting.await(fleet.open(), CONNECTING);
            }
            CommandBench bench = new CommandBench(
                    simulation.vertx(), simulation.loops(), client.series(), line -> ReportOptions.progress(out, line));
            CommandReport result = bench.run(target.name(), to, meter(), load.plan());
            report.write(out, CommandReport.table(List.of(result)), result.json());
            if (plot != null) {
                var _ = Files.writeString(plot, result.plot());
            }
            var _ = Awaiting.await(fleet.close(), CONNECTING);
            return result.errors() == 0 ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }

    private Target target(Simulation simulation) {
        if (target == Kind.mqtt) {
            return new Target.Broker(brokerAddress().getHost(), brokerAddress().getPort(), qos, 2);
        }
        var authority = client.authority(simulation.vertx());
        if (ownDevices) {
            int _ = client.provision(simulation.vertx(), authority);
        }
        return Target.Gateway.ofCommands(client.http(), client.project(), authority);
    }

    private FleetPlan devices() {
        return target == Kind.mqtt
                ? FleetPlan.fast(
                        new FleetPlan.Gate(
                                brokerAddress().getHost(), brokerAddress().getPort(), false),
                        Dialect.BROKER,
                        qos,
                        AT_A_TIME)
                : FleetPlan.fast(client.mqtt(false), Dialect.GATEWAY, -1, AT_A_TIME);
    }

    private URI brokerAddress() {
        URI uri = URI.create("tcp://" + broker);
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw new InvalidField("--broker", "must be HOST:PORT");
        }
        return uri;
    }

    private Meter meter() {
        Meter found = target == Kind.mqtt
                ? Meter.byPorts(brokerAddress().getPort(), 0)
                : Meter.byPorts(client.http().port(), client.databasePort());
        return new Meter(
                serverPid == null ? found.servers() : List.of(serverPid),
                postgresPid == null ? found.postgres() : OptionalLong.of(postgresPid));
    }
}
