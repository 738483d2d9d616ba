// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.model.AccessKey;
import dev.downlink.model.Secret;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Done;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code key}: the key pairs with which applications sign. A secret key is printed once, when it is made. */
@Command(name = "key", description = "Creates, lists and deletes access keys.", mixinStandardHelpOptions = true)
final class KeyCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "create",
            description = "Creates an access key and prints it with its secret key, which is not shown again.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin ConfigFile config,
            @Parameters(paramLabel = "PROJECT", description = "Id or name.") String project,
            @Option(names = "--access-key", paramLabel = "KEY", description = "Made by the gateway when absent.")
                    @Nullable
                    String id,
            @Option(
                            names = "--secret-key-file",
                            paramLabel = "FILE",
                            description = "Holds the secret key; made by the gateway when absent.")
                    @Nullable
                    Path secretFile) {
        Secret secret = secretFile == null ? null : SecretInput.file(secretFile);
        return Accounts.use(config.settings(), accounts -> {
            AccessKey made = accounts.ask(new AccountRequest.CreateKey(accounts.project(project), id, secret))
                    .key();
            print(secret == null ? made.id() + "\t" + made.secret().value() : made.id());
        });
    }

    @Command(name = "list", description = "Lists a project's access keys.", mixinStandardHelpOptions = true)
    int list(
            @Mixin ConfigFile config, @Parameters(paramLabel = "PROJECT", description = "Id or name.") String project) {
        return Accounts.use(
                config.settings(),
                accounts -> accounts.ask(new AccountRequest.ListKeys(accounts.project(project)))
                        .keys()
                        .forEach(k -> print(k.id() + "\t" + Timestamps.compact(k.created()))));
    }

    @Command(
            name = "delete",
            description = {
                "Deletes an access key.",
                "A running gateway notices within registry.cache_time, which is 60s by default."
            },
            mixinStandardHelpOptions = true)
    int delete(@Mixin ConfigFile config, @Parameters(paramLabel = "KEY", description = "The access key.") String id) {
        return Accounts.use(config.settings(), accounts -> {
            Done _ = accounts.ask(new AccountRequest.DeleteKey(id));
        });
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
