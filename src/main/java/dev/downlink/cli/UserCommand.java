// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.auth.PasswordHash;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Done;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code user}: who may log in for a token. Passwords come from a file, a terminal or a pipe. */
@Command(
        name = "user",
        description = "Creates, lists and deletes users; sets passwords; opens and closes projects to them.",
        footer = {
            "",
            "A password is asked for on the terminal, or read from the standard input when that is a pipe.",
            "A running gateway notices a change within registry.cache_time, which is 60s by default."
        },
        mixinStandardHelpOptions = true)
final class UserCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** A user's name and the domain it is unique in. */
    static final class Who {
        @Parameters(index = "0", paramLabel = "USER", description = "The user's name.")
        private String name = "";

        @Option(
                names = "--domain",
                paramLabel = "DOMAIN",
                defaultValue = "default",
                description = "The domain the user belongs to: ${DEFAULT-VALUE} when absent.")
        private String domain = "";
    }

    /** Where a password is read from. */
    static final class PasswordFile {
        @Option(names = "--password-file", paramLabel = "FILE", description = "Holds the password.")
        private @Nullable Path file;

        private Secret hash() {
            return PasswordHash.of(SecretInput.password(file));
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "create", description = "Creates a user.", mixinStandardHelpOptions = true)
    int create(
            @Mixin ConfigFile config,
            @Mixin Who who,
            @Mixin PasswordFile password,
            @Option(
                            names = "--project",
                            paramLabel = "PROJECT",
                            description = "Id or name of a project that the user may use; may be repeated.")
                    @Nullable
                    List<String> projects) {
        Secret hash = password.hash();
        List<String> names = projects == null ? List.of() : projects;
        return Accounts.use(config.settings(), accounts -> {
            List<ProjectId> ids = names.stream().map(accounts::project).toList();
            Done _ = accounts.ask(new AccountRequest.CreateUser(who.domain, who.name, hash, ids));
        });
    }

    @Command(name = "list", description = "Lists domain, name and projects.", mixinStandardHelpOptions = true)
    int list(@Mixin ConfigFile config) {
        return Accounts.use(
                config.settings(),
                accounts -> accounts.ask(new AccountRequest.ListUsers())
                        .users()
                        .forEach(u -> print(u.domain() + "\t" + u.name() + "\t" + names(u.projects()))));
    }

    @Command(name = "delete", description = "Deletes a user.", mixinStandardHelpOptions = true)
    int delete(@Mixin ConfigFile config, @Mixin Who who) {
        return Accounts.use(config.settings(), accounts -> {
            Done _ = accounts.ask(new AccountRequest.DeleteUser(who.domain, who.name));
        });
    }

    @Command(
            name = "password",
            description = "Sets a user's password; tokens given out before are void.",
            mixinStandardHelpOptions = true)
    int password(@Mixin ConfigFile config, @Mixin Who who, @Mixin PasswordFile password) {
        Secret hash = password.hash();
        return Accounts.use(config.settings(), accounts -> {
            Done _ = accounts.ask(new AccountRequest.SetPassword(who.domain, who.name, hash));
        });
    }

    @Command(name = "grant", description = "Opens a project to a user.", mixinStandardHelpOptions = true)
    int grant(
            @Mixin ConfigFile config,
            @Mixin Who who,
            @Parameters(index = "1", paramLabel = "PROJECT", description = "Id or name.") String project) {
        return Accounts.use(config.settings(), accounts -> {
            ProjectId id = accounts.project(project);
            Done _ = accounts.ask(new AccountRequest.GrantProject(who.domain, who.name, id));
        });
    }

    @Command(name = "revoke", description = "Closes a project to a user.", mixinStandardHelpOptions = true)
    int revoke(
            @Mixin ConfigFile config,
            @Mixin Who who,
            @Parameters(index = "1", paramLabel = "PROJECT", description = "Id or name.") String project) {
        return Accounts.use(config.settings(), accounts -> {
            ProjectId id = accounts.project(project);
            Done _ = accounts.ask(new AccountRequest.RevokeProject(who.domain, who.name, id));
        });
    }

    private static String names(List<Project> projects) {
        return projects.stream().map(Project::name).collect(Collectors.joining(","));
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
