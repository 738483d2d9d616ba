// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code downlink}: the command above all others, which stand in its annotation. */
@Command(
        name = "downlink",
        description = "A gateway that carries commands down to devices.",
        synopsisSubcommandLabel = "[COMMAND]",
        mixinStandardHelpOptions = true,
        versionProvider = DownlinkCommand.Version.class,
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            MigrateCommand.class,
            CheckConfigCommand.class,
            ProjectCommand.class,
            UserCommand.class,
            KeyCommand.class,
            SimulateCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "Without a command it does what `run` does.",
            "Exit codes: 0 clean stop, 1 refused or failed, 2 configuration, 3 database, 4 port taken."
        })
public final class DownlinkCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFile config = new ConfigFile();

    /** Runs the command that the arguments name, and returns what the shell is told of its end. */
    public static int execute(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new DownlinkCommand())
                .setExecutionExceptionHandler((e, line, _) -> ExitCodes.report(e, line.getErr()))
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public Integer call() {
        return RunCommand.run(config.settings());
    }

    /** From the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = DownlinkCommand.class.getPackage().getImplementationVersion();
            return new String[] {"downlink " + (version == null ? "(from sources)" : version)};
        }
    }
}
