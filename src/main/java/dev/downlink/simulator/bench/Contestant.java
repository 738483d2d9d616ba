// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.Secret;
import dev.downlink.simulator.Authority;
import dev.downlink.simulator.Dialect;
import dev.downlink.simulator.FleetPlan;
import dev.downlink.simulator.Northbound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server of a comparison, on ports and in a directory of its own. All of them get their commands with the same quality of
 * service, on the same number of callers.
 */
public enum Contestant {
    GATEWAY,
    /** The gateway with io_uring in place of epoll. */
    IO_URING,
    /** Two gateways of one cluster: the callers are at one, all devices at the other. */
    PAIR,
    SKELETON,
    MOSQUITTO;

    private static final int BROKER_CONNECTIONS = 2;

    /**
     * Where a contestant lives.
     *
     * @param classPath of those that are Java programs
     * @param jvm options of those
     * @param qos of the commands to the devices
     * @param database of the pair, which needs one
     * @param variables more settings of the gateway
     */
    record Place(
            Path directory,
            String classPath,
            List<String> jvm,
            Path mosquitto,
            int qos,
            @Nullable Secret database,
            Map<String, String> variables) {
        Path output() {
            return directory.resolve("output.txt");
        }

        List<String> java(String main, String... arguments) {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(jvm);
            line.addAll(List.of("-cp", classPath, main));
            line.addAll(List.of(arguments));
            return line;
        }
    }

    /** A started server and how to use it. */
    record Ready(List<ForkedServer> servers, Target target, FleetPlan.Gate gate, Dialect dialect, Meter meter)
            implements AutoCloseable {
        /** SIGKILL. Blocks until they are gone. */
        void kill() throws InterruptedException {
            for (ForkedServer server : servers) {
                server.kill();
            }
        }

        @Override
        public void close() {
            servers.reversed().forEach(ForkedServer::close);
        }
    }

    /** Blocks until the server is ready. */
    Ready start(Place place) throws IOException, InterruptedException {
        return switch (this) {
            case GATEWAY -> ForkedGateway.single(place, Map.of());
            case IO_URING -> ForkedGateway.single(place, Map.of("DOWNLINK_TRANSPORT", "io_uring"));
            case PAIR -> ForkedGateway.pair(place);
            case SKELETON -> skeleton(place);
            case MOSQUITTO -> mosquitto(place);
        };
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
        Northbound.Gate gate = new Northbound.Gate(ForkedGateway.HOST, http);
        return new Ready(
                List.of(server),
                Target.Gateway.ofCommands(gate, ForkedGateway.PROJECT, new Authority.Nobody()),
                new FleetPlan.Gate(ForkedGateway.HOST, mqtt, false),
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
                List.of(server),
                new Target.Broker(ForkedGateway.HOST, port, place.qos, BROKER_CONNECTIONS),
                new FleetPlan.Gate(ForkedGateway.HOST, port, false),
                Dialect.BROKER,
                Meter.byPorts(port, 0));
    }
}
