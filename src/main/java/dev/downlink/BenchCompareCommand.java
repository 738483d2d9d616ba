// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.model.ProductId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.bench.Comparison;
import dev.downlink.simulator.bench.Contestant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench compare}: the gateway beside a bare skeleton and Mosquitto. */
@Command(
        name = "compare",
        description = {
            "Starts a gateway, a bare skeleton and Mosquitto in turn, gives them the same commands and prints the"
                    + " ratios.",
            "The skeleton is one of the test classes; it and Mosquitto are left out when they are not there."
        },
        mixinStandardHelpOptions = true)
final class BenchCompareCommand implements Callable<Integer> {
    static final List<String> JVM = List.of(
            "-XX:+UseG1GC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final LoadOptions load = new LoadOptions();

    @Mixin
    private final ReportOptions report = new ReportOptions();

    @Option(names = "--devices", paramLabel = "N", defaultValue = "1000", description = "How many: ${DEFAULT-VALUE}.")
    private int devices;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "2", description = "${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--qos", paramLabel = "QOS", defaultValue = "1", description = "Of the commands: ${DEFAULT-VALUE}.")
    private int qos;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "GATEWAY,SKELETON,MOSQUITTO",
            description = "Who takes part: ${DEFAULT-VALUE}.")
    private Set<Contestant> contestants = Set.of();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the servers live, also for the next time; a temporary one when absent.")
    private @Nullable Path directory;

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

    @Option(
            names = "--jvm",
            paramLabel = "OPTION",
            defaultValue = "-Xms512m -Xmx512m",
            split = " ",
            description = "Options of the Java programs: ${DEFAULT-VALUE}.")
    private List<String> jvm = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path place =
                directory == null ? Files.createTempDirectory("downlink-bench") : Files.createDirectories(directory);
        List<String> options = new ArrayList<>(JVM);
        options.addAll(jvm);
        DeviceSeries series = new DeviceSeries(new ProductId("bench"), devices, new Secret("bench-device-secret"));
        Comparison.Plan plan = new Comparison.Plan(
                contestants,
                series,
                load.plan(),
                rounds,
                qos,
                place.toAbsolutePath(),
                skeleton.toAbsolutePath(),
                mosquitto,
                options);
        try (Simulation simulation = Simulation.open()) {
            Comparison comparison = new Comparison(
                    simulation.vertx(), simulation.loops(), plan, line -> ReportOptions.progress(out, line));
            comparison.run();
            report.write(out, comparison.table(), comparison.json());
            return ExitCodes.OK;
        }
    }
}
