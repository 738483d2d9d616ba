// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench}: measures a gateway. */
@Command(
        name = "bench",
        description = "Measures a gateway with simulated callers and devices.",
        subcommands = {
            BenchCallsCommand.class,
            BenchConnectsCommand.class,
            BenchMessagesCommand.class,
            BenchReportsCommand.class,
            BenchPushCommand.class,
            BenchCompareCommand.class
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
