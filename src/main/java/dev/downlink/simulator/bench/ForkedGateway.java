// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Northbound;
import dev.downlink.simulator.bench.Contestant.Place;
import dev.downlink.simulator.bench.Contestant.Ready;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A gateway in a process of its own, with the embedded database or as a node of a cluster. Blocks until it is ready.
 *
 * @param ports what it wrote of its ports
 */
record ForkedGateway(ForkedServer server, int http, int mqtt, JsonObject ports) {
    static final String HOST = "127.0.0.1";
    static final ProjectId PROJECT = new ProjectId("bench");
    private static final String ACCESS_KEY = "BENCH";
    private static final Secret SECRET_KEY = new Secret("bench-secret-key");

    /** @param more settings */
    static Ready single(Place place, Map<String, String> more) throws IOException, InterruptedException {
        ForkedGateway gateway = start(place, place.directory(), more);
        Meter meter = Meter.byPorts(gateway.http, gateway.ports.getInteger("database", 0));
        return ready(List.of(gateway.server), gateway, gateway, meter);
    }

    static Ready pair(Place place) throws IOException, InterruptedException {
        Secret database = Objects.requireNonNull(place.database(), "a pair needs a database");
        List<Integer> cluster = List.of(ForkedServer.freePort(), ForkedServer.freePort());
        ForkedGateway callers = start(place, place.directory().resolve("callers"), node(database, cluster, 0));
        try {
            ForkedGateway devices = start(place, place.directory().resolve("devices"), node(database, cluster, 1));
            Meter meter = Meter.byPorts(
                    List.of(callers.http, devices.http),
                    URI.create(database.value()).getPort());
            return ready(List.of(callers.server, devices.server), callers, devices, meter);
        } catch (IOException | RuntimeException e) {
            callers.server.close();
            throw e;
        }
    }

    private static Map<String, String> node(Secret database, List<Integer> cluster, int index) {
        return Map.of(
                "DOWNLINK_DATABASE_URI",
                database.value(),
                "DOWNLINK_SECURITY_MASTER_KEY",
                Base64.getEncoder().encodeToString(new byte[32]),
                "DOWNLINK_NODE_NAME",
                "node" + index,
                "DOWNLINK_CLUSTER",
                "on",
                "DOWNLINK_CLUSTER_NAME",
                "bench" + cluster.getFirst(),
                "DOWNLINK_CLUSTER_SECRET",
                "bench-cluster-secret",
                "DOWNLINK_CLUSTER_PORT",
                String.valueOf(cluster.get(index)),
                "DOWNLINK_CLUSTER_MEMBERS",
                HOST + ':' + cluster.getFirst() + ',' + HOST + ':' + cluster.getLast());
    }

    private static ForkedGateway start(Place place, Path directory, Map<String, String> more)
            throws IOException, InterruptedException {
        int http = ForkedServer.freePort();
        int mqtt = ForkedServer.freePort();
        Path file = Files.createDirectories(directory).resolve("ports.json");
        boolean _ = Files.deleteIfExists(file);
        Map<String, String> variables = new HashMap<>(place.variables());
        variables.putAll(more);
        variables.putAll(Map.of(
                "DOWNLINK_DATA_DIR", directory.toString(),
                "DOWNLINK_HTTP_PORT", String.valueOf(http),
                "DOWNLINK_MANAGEMENT_PORT", "0",
                "DOWNLINK_AMQP_PORT", "0",
                "DOWNLINK_MQTT_PORT", String.valueOf(mqtt),
                "DOWNLINK_MQTT_IMPLICIT_QOS", String.valueOf(place.qos()),
                "DOWNLINK_BOOTSTRAP_PROJECT", PROJECT.value(),
                "DOWNLINK_BOOTSTRAP_ACCESS_KEY", ACCESS_KEY,
                "DOWNLINK_BOOTSTRAP_SECRET_KEY", SECRET_KEY.value()));
        ForkedServer server = ForkedServer.start(
                place.java("dev.downlink.Downlink", "run"),
                variables,
                directory.resolve("output.txt"),
                () -> Files.exists(file));
        return new ForkedGateway(server, http, mqtt, new JsonObject(Files.readString(file)));
    }

    private static Ready ready(List<ForkedServer> servers, ForkedGateway callers, ForkedGateway devices, Meter meter) {
        Northbound.Gate gate = new Northbound.Gate(HOST, callers.http);
        Authority key = new Authority.Key(ACCESS_KEY, SECRET_KEY, gate.authority(), InstantSource.system());
        return new Ready(
                servers,
                Target.Gateway.ofCommands(gate, PROJECT, key),
                new FleetPlan.Gate(HOST, devices.mqtt, false),
                Dialect.GATEWAY,
                meter);
    }
}
