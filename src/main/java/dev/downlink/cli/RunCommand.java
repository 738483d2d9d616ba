// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Gateway;
import dev.downlink.Lifetime;
import dev.downlink.config.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: a gateway until it is told to stop. */
@Command(
        name = "run",
        description = "Starts the gateway; SIGTERM or Ctrl-C stops it cleanly.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private final ConfigFile config = new ConfigFile();

    @Override
    public Integer call() {
        return run(config.settings());
    }

    static int run(Settings settings) {
        Lifetime lifetime = new Lifetime();
        try (StopSignal _ = new StopSignal(lifetime);
                Gateway _ = Gateway.start(settings, lifetime)) {
            lifetime.awaitClosed();
            return ExitCodes.OK;
        }
    }
}
