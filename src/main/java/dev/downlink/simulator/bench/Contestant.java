// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Northbound;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server of a comparison, on ports and in a directory of its own. All of them get their commands with the same quality of
 * service, on the same number of callers.
 */
public enum Contestant {
    GATEWAY,
    SKELETON,
    MOSQUITTO;

    private static final String HOST = "127.0.0.1";
    private static final ProjectId PROJECT = new ProjectId("bench");
    private static final String ACCESS_KEY = "BENCH";
    private static final Secret SECRET_KEY = new Secret("bench-secret-key");
    private static final int BROKER_CONNECTIONS = 2;

    /**
     * Where a contestant lives.
     *
     * @param classPath of those that are Java programs
     * @param jvm options of those
     * @param qos of the commands to the devices
     * @param variables more settings of the gateway
     */
    record Place(
            Path directory,
            String classPath,
            List<String> jvm,
            Path mosquitto,
            int qos,
            Map<String, String> variables) {
        private Path output() {
            return directory.resolve("output.txt");
        }

        private List<String> java(String main, String... arguments) {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(jvm);
            line.addAll(List.of("-cp", classPath, main));
            line.addAll(List.of(arguments));
            return line;
        }
    }

    /** A started server and how to use it. */
    record Ready(ForkedServer server, Target target, FleetPlan.Gate gate, Dialect dialect, Meter meter) {}

    /** Blocks until the server is ready. */
    Ready start(Place place) throws IOException, InterruptedException {
        return switch (this) {
            case GATEWAY -> gateway(place);
            case SKELETON -> skeleton(place);
            case MOSQUITTO -> mosquitto(place);
        };
    }

    private static Ready gateway(Place place) throws IOException, InterruptedException {
        int http = ForkedServer.freePort();
        int mqtt = ForkedServer.freePort();
        Path ports = place.directory.resolve("ports.json");
        boolean _ = Files.deleteIfExists(ports);
        Map<String, String> variables = new HashMap<>(place.variables);
        variables.putAll(Map.of(
                "DOWNLINK_DATA_DIR", place.directory.toString(),
                "DOWNLINK_HTTP_PORT", String.valueOf(http),
                "DOWNLINK_MQTT_PORT", String.valueOf(mqtt),
                "DOWNLINK_MQTT_IMPLICIT_QOS", String.valueOf(place.qos),
                "DOWNLINK_BOOTSTRAP_PROJECT", PROJECT.value(),
                "DOWNLINK_BOOTSTRAP_ACCESS_KEY", ACCESS_KEY,
                "DOWNLINK_BOOTSTRAP_SECRET_KEY", SECRET_KEY.value()));
        ForkedServer server = ForkedServer.start(
                place.java("dev.downlink.Downlink", "run"), variables, place.output(), () -> Files.exists(ports));
        int database = new JsonObject(Files.readString(ports)).getInteger("database", 0);
        Northbound.Gate gate = new Northbound.Gate(HOST, http);
        Authority key = new Authority.Key(ACCESS_KEY, SECRET_KEY, gate.authority(), InstantSource.system());
        return new Ready(
                server,
                Target.Gateway.ofCommands(gate, PROJECT, key),
                new FleetPlan.Gate(HOST, mqtt, false),
                Dialect.GATEWAY,
                Meter.byPorts(http, database));
    }

    private static Ready skeleton(Place place) throws IOException, InterruptedException {
        int http = ForkedServer.freePort();
        int mqtt = ForkedServer.freePort();
        ForkedServer server = ForkedServer.start(
                place.java(
                        "dev.downlink.bench.Skeleton",
                        String.valueOf(http),
                        String.valueOf(mqtt),
                        String.valueOf(place.qos)),
                Map.of(),
                place.output(),
                () -> ForkedServer.listens(http));
        Northbound.Gate gate = new Northbound.Gate(HOST, http);
        return new Ready(
                server,
                Target.Gateway.ofCommands(gate, PROJECT, new Authority.Nobody()),
                new FleetPlan.Gate(HOST, mqtt, false),
                Dialect.GATEWAY,
                Meter.byPorts(http, 0));
    }

    private static Ready mosquitto(Place place) throws IOException, InterruptedException {
        int port = ForkedServer.freePort();
        Path config = Files.writeString(
                place.directory.resolve("mosquitto.conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n"
                        + "log_dest stderr\nlog_type error\nlog_type warning\nlog_type notice\n");
        ForkedServer server = ForkedServer.start(
                List.of(place.mosquitto.toString(), "-c", config.toString()),
                Map.of(),
                place.output(),
                () -> ForkedServer.listens(port));
        return new Ready(
                server,
                new Target.Broker(HOST, port, place.qos, BROKER_CONNECTIONS),
                new FleetPlan.Gate(HOST, port, false),
                Dialect.BROKER,
                Meter.byPorts(port, 0));
    }
}
