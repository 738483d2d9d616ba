// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.model.ProductId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.DeviceSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of measurements that start the gateway, or whatever they measure, themselves. */
final class OwnGatewayOptions {
    private static final List<String> JVM = List.of(
            "-XX:+UseG1GC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    @Option(names = "--devices", paramLabel = "N", description = "How many: ${DEFAULT-VALUE}.")
    private int devices;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the servers live, also for the next time; a temporary one when absent.")
    private @Nullable Path directory;

    @Option(
            names = "--jvm",
            paramLabel = "OPTION",
            defaultValue = "-Xms512m -Xmx512m",
            split = " ",
            description = "Options of the Java programs: ${DEFAULT-VALUE}.")
    private List<String> jvm = List.of();

    /** @param devices as many as there are when nobody says how many */
    OwnGatewayOptions(int devices) {
        this.devices = devices;
    }

    DeviceSeries series() {
        return new DeviceSeries(new ProductId("bench"), devices, new Secret("bench-device-secret"));
    }

    /** The directory, which is made when it is not there. */
    Path place() throws IOException {
        Path place =
                directory == null ? Files.createTempDirectory("downlink-bench") : Files.createDirectories(directory);
        return place.toAbsolutePath();
    }

    List<String> jvm() {
        List<String> all = new ArrayList<>(JVM);
        all.addAll(jvm);
        return all;
    }
}
