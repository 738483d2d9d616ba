// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.config.Settings;
import dev.downlink.config.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --config}, which every command has. */
final class ConfigFile {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Settings in YAML; conf/downlink.yaml when that is there. Variables DOWNLINK_... win over it.")
    private @Nullable Path file;

    Settings settings() {
        return SettingsReader.read(used(), System.getenv());
    }

    Optional<Path> used() {
        return Optional.ofNullable(file)
                .or(() -> Optional.of(SettingsReader.USUAL_FILE).filter(Files::exists));
    }
}
