// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.database.EmbeddedDatabase;
import dev.downlink.model.Secret;
import dev.downlink.simulator.bench.Comparison;
import dev.downlink.simulator.bench.Contestant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench compare}: the gateway beside a pair of gateways, a bare skeleton and Mosquitto. */
@Command(
        name = "compare",
        description = {
            "Starts a gateway, a pair of gateways, a bare skeleton and Mosquitto, gives them the same commands in"
                    + " turn, round after round, and prints the ratios.",
            "Of the pair, one gets all commands and the other has all devices.",
            "IO_URING, the gateway with io_uring, takes part when it is named and available.",
            "The skeleton is one of the test classes; it and Mosquitto are left out when they are not there."
        },
        mixinStandardHelpOptions = true)
final class BenchCompareCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final OwnGatewayOptions own = new OwnGatewayOptions(1000);

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--qos", paramLabel = "QOS", defaultValue = "1", description = "Of the commands: ${DEFAULT-VALUE}.")
    private int qos;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "GATEWAY,PAIR,SKELETON,MOSQUITTO",
            description = "Who takes part: ${DEFAULT-VALUE}.")
    private Set<Contestant> contestants = Set.of();

    @Option(
            names = "--skeleton",
            paramLabel = "DIR",
            defaultValue = "target/test-classes",
            description = "The test classes: ${DEFAULT-VALUE}.")
    private Path skeleton = Path.of("");

    @Option(
            names = "--mosquitto",
            paramLabel = "FILE",
            defaultValue = "/usr/sbin/mosquitto",
            description = "The program: ${DEFAULT-VALUE}.")
    private Path mosquitto = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path place = own.place();
        if (!contestants.contains(Contestant.PAIR)) {
            return compare(place, null);
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(place.resolve("database"))) {
            return compare(place, database.uri());
        }
    }

    private int compare(Path place, @Nullable Secret database) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Comparison.Plan plan = new Comparison.Plan(
                contestants,
                own.series(),
                load.plan(),
                rounds,
                qos,
                place,
                skeleton.toAbsolutePath(),
                mosquitto,
                own.jvm(),
                database);
        try (Simulation simulation = Simulation.open()) {
            Comparison comparison = new Comparison(
                    simulation.vertx(), simulation.loops(), plan, line -> ReportOptions.progress(out, line));
            comparison.run();
            report.write(out, comparison.table(), comparison.json());
            return ExitCodes.OK;
        }
    }
}
