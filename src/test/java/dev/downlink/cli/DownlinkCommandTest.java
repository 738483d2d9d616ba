// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line, as far as it goes without a database. */
class DownlinkCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "demo",
                "migrate",
                "check-config",
                "project",
                "project create",
                "project list",
                "project delete",
                "user",
                "user create",
                "user list",
                "user delete",
                "user password",
                "user grant",
                "user revoke",
                "key",
                "key create",
                "key list",
                "key delete"
            })
    void everyCommandHasHelp(String command) {
        int code = execute((command + " --help").strip().split(" "));

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("Usage: " + ("downlink " + command).strip())
                .contains("-h, --help");
    }

    @ParameterizedTest
    @CsvSource({
        "run, --config",
        "demo, --config",
        "migrate, --config",
        "check-config, --config",
        "project create, --id",
        "user create, --password-file",
        "user password, --password-file",
        "key create, --secret-key-file"
    })
    void helpNamesTheOptions(String command, String option) {
        int code = execute((command + " --help").split(" "));

        assertThat(code).isZero();
        assertThat(out.toString()).contains(option);
    }

    @Test
    void noCommandTakesASecretAsAnArgument() {
        assertThat(allOptions(DownlinkCommand.commandLine()))
                .contains("--password-file", "--secret-key-file")
                .doesNotContain("--password", "--secret-key");
    }

    @Test
    void anUnknownCommandIsRefused() {
        int code = execute("fly");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("fly");
    }

    @Test
    void checkConfigShowsWhatIsInForce() throws IOException {
        Path file = Files.writeString(directory.resolve("my.yaml"), "http: {port: 9999}");

        int code = execute("check-config", "--config", file.toString());

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains(file.toString())
                .contains("http.port=9999")
                .contains("mqtt.port=1883");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check-config", "run", "migrate", "demo", "project list"})
    void mistakesInTheConfigurationAreListedWithExitCode2(String command) throws IOException {
        Path file = Files.writeString(directory.resolve("my.yaml"), "http: {port: x}\nmqtt: {prt: 1}\n");

        int code = execute((command + " --config " + file).split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "downlink: 2 mistakes in the configuration",
                        "  http.port (" + file + " line 1): must be a whole number from 0 to 65535, not 'x'",
                        "  mqtt.prt (" + file + " line 2): is not a known key; did you mean mqtt.port?");
    }

    @Test
    void aTakenPortIsNamedWithExitCode4() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = Files.writeString(
                    directory.resolve("my.yaml"),
                    "mqtt: {port: %d}\nhttp: {port: 0}\nmanagement: {port: 0}".formatted(taken.getLocalPort()));

            int code = execute("run", "--config", file.toString());

            assertThat(code).isEqualTo(4);
            assertThat(err.toString())
                    .startsWith("downlink: mqtt.port: cannot listen on 127.0.0.1 port " + taken.getLocalPort() + ": ")
                    .hasLineCount(1);
        }
    }

    private int execute(String... arguments) {
        return DownlinkCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private static Iterable<String> allOptions(CommandLine line) {
        Set<String> names = new TreeSet<>(line.getCommandSpec().optionsMap().keySet());
        line.getSubcommands().values().forEach(sub -> allOptions(sub).forEach(names::add));
        return names;
    }
}
