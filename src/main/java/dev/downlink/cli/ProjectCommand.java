// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Done;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code project}: the tenants. Prints what it made, so that a script can read it. */
@Command(name = "project", description = "Creates, lists and deletes projects.", mixinStandardHelpOptions = true)
final class ProjectCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "create", description = "Creates a project and prints its id.", mixinStandardHelpOptions = true)
    int create(
            @Mixin ConfigFile config,
            @Parameters(paramLabel = "NAME", description = "Letters, digits, '_' and '-'; 64 at most.") String name,
            @Option(names = "--id", paramLabel = "ID", description = "Made by the gateway when absent.") @Nullable
                    String id) {
        ProjectId wanted = id == null ? null : new ProjectId(id);
        return Accounts.use(config.settings(), accounts -> {
            Project made =
                    accounts.ask(new AccountRequest.CreateProject(wanted, name)).project();
            print(made.id().value());
        });
    }

    @Command(name = "list", description = "Lists id, name and time of creation.", mixinStandardHelpOptions = true)
    int list(@Mixin ConfigFile config) {
        return Accounts.use(
                config.settings(),
                accounts -> accounts.ask(new AccountRequest.ListProjects())
                        .projects()
                        .forEach(p -> print(p.id() + "\t" + p.name() + "\t" + Timestamps.compact(p.created()))));
    }

    @Command(
            name = "delete",
            description = "Deletes a project without products and devices, with its keys.",
            mixinStandardHelpOptions = true)
    int delete(
            @Mixin ConfigFile config, @Parameters(paramLabel = "PROJECT", description = "Id or name.") String project) {
        return Accounts.use(config.settings(), accounts -> {
            Done _ = accounts.ask(new AccountRequest.DeleteProject(accounts.project(project)));
        });
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
