// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Logs;
import dev.downlink.Storage;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code migrate}: brings the database up to date without starting a gateway. */
@Command(
        name = "migrate",
        description = "Brings the database's schema up to date and exits.",
        mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFile config = new ConfigFile();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Logs.quiet();
        try (Storage storage = Storage.join(config.settings())) {
            int steps = storage.migrate();
            PrintWriter out = spec.commandLine().getOut();
            out.println(steps == 0 ? "The database is up to date." : "Brought up to date in " + steps + " steps.");
            out.flush();
            return ExitCodes.OK;
        }
    }
}
