// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program starts and ends, seen from the shell. */
class ProgramIT {
    @TempDir
    Path directory;

    @Test
    void sigtermEndsARunningGatewayCleanly() throws IOException, InterruptedException {
        try (Program program = start(variables(), "run")) {
            awaitReady(program);

            program.terminate();

            assertThat(program.awaitExit()).isZero();
            assertThat(program.output()).contains("downlink ready node=").doesNotContain("WARN", "ERROR");
            assertThat(portsFile()).doesNotExist();
        }
    }

    @Test
    void theLogCanBeWrittenAsJson() throws IOException, InterruptedException {
        Map<String, String> variables = variables();
        variables.put("DOWNLINK_LOG_FORMAT", "json");

        try (Program program = start(variables, "run")) {
            awaitReady(program);
            program.terminate();

            assertThat(program.awaitExit()).isZero();
            List<JsonObject> lines =
                    program.output().lines().map(JsonObject::new).toList();
            assertThat(lines)
                    .allSatisfy(line ->
                            assertThat(line.fieldNames()).contains("time", "level", "logger", "thread", "message"))
                    .extracting(line -> line.getString("message"))
                    .anyMatch(message -> message.startsWith("downlink ready node="))
                    .last()
                    .isEqualTo("downlink stopped");
        }
    }

    @Test
    void withoutACommandTheGatewayRuns() throws IOException, InterruptedException {
        try (Program program = start(variables())) {
            awaitReady(program);

            assertThat(new JsonObject(Files.readString(portsFile())).getMap()).containsKeys("http", "mqtt");
        }
    }

    @Test
    void aSecondGatewayOnThePortEndsWith4() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> variables = variables();
            variables.put("DOWNLINK_HTTP_PORT", String.valueOf(taken.getLocalPort()));

            try (Program program = start(variables, "run")) {
                assertThat(program.awaitExit()).isEqualTo(4);
                assertThat(program.output()).contains("http.port", "127.0.0.1 port " + taken.getLocalPort());
                assertThat(program.output()).doesNotContain("\tat ");
            }
        }
    }

    @Test
    void anUnreachableDatabaseEndsWith3() throws IOException, InterruptedException {
        Map<String, String> variables = variables();
        variables.put("DOWNLINK_DATABASE_URI", "postgresql://u:hush@127.0.0.1:1/nothing");

        try (Program program = start(variables, "run")) {
            assertThat(program.awaitExit()).isEqualTo(3);
            assertThat(program.output()).contains("downlink: database: ").doesNotContain("\tat ", "hush");
        }
    }

    @Test
    void aMistakeInTheConfigurationEndsWith2() throws IOException, InterruptedException {
        Map<String, String> variables = variables();
        variables.put("DOWNLINK_HTTP_PORT", "x");

        try (Program program = start(variables, "run")) {
            assertThat(program.awaitExit()).isEqualTo(2);
            assertThat(program.output()).contains("DOWNLINK_HTTP_PORT: must be").doesNotContain("\tat ");
        }
    }

    @Test
    void projectsUsersAndKeysAreManagedFromTheShell() throws IOException, InterruptedException {
        Map<String, String> variables = variables();
        Path password = Files.writeString(directory.resolve("password"), "a long password\n");

        String project = run(variables, "project", "create", "--id", "p1", "water");
        String key = run(variables, "key", "create", "water", "--access-key", "AK");
        String user =
                run(variables, "user", "create", "ann", "--project", "p1", "--password-file", password.toString());
        String lists = run(variables, "project", "list")
                + run(variables, "key", "list", "p1")
                + run(variables, "user", "list");

        assertThat(project).isEqualTo("p1\n");
        assertThat(key).matches("AK\t\\S{8,}\n");
        assertThat(user).isEmpty();
        assertThat(lists)
                .contains("p1\twater\t", "AK\t", "default\tann\twater")
                .doesNotContain(key.split("\t")[1].strip());
    }

    @Test
    void aPasswordMayBePipedIn() throws IOException, InterruptedException {
        Map<String, String> variables = variables();

        try (Program create = start(variables, "user", "create", "ann")) {
            create.type("a long password");

            assertThat(create.awaitExit()).as(create.output()).isZero();
        }
        assertThat(run(variables, "user", "list")).contains("default\tann");
    }

    private String run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        try (Program program = start(variables, arguments)) {
            assertThat(program.awaitExit()).as(String.join(" ", arguments)).isZero();
            return program.output();
        }
    }

    private Program start(Map<String, String> variables, String... arguments) throws IOException {
        return Program.start(Files.createTempFile(directory, "output", ".txt"), variables, arguments);
    }

    private void awaitReady(Program program) {
        await().atMost(Duration.ofSeconds(60)).until(() -> !program.alive() || Files.exists(portsFile()));
        assertThat(program.alive()).isTrue();
    }

    private Path portsFile() {
        return directory.resolve("ports.json");
    }

    private Map<String, String> variables() {
        return new HashMap<>(Map.of(
                "DOWNLINK_DATA_DIR",
                directory.toString(),
                "DOWNLINK_DATABASE_URI",
                TestDatabase.fresh().value(),
                "DOWNLINK_HTTP_PORT",
                "0",
                "DOWNLINK_MANAGEMENT_PORT",
                "0",
                "DOWNLINK_MQTT_PORT",
                "0"));
    }
}
