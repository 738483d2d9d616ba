// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.config.Settings;
import dev.downlink.config.SettingsText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check-config}: shows the settings in force, or every mistake in them. */
@Command(
        name = "check-config",
        description = "Prints the settings in force, secrets masked; or all mistakes, and exits with 2.",
        mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFile config = new ConfigFile();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Settings settings = config.settings();
        PrintWriter out = spec.commandLine().getOut();
        out.println("# " + config.used().map(f -> f + ", ").orElse("") + "variables DOWNLINK_... and defaults");
        SettingsText.lines(settings).forEach(out::println);
        out.flush();
        return ExitCodes.OK;
    }
}
