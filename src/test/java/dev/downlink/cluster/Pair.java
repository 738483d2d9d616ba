// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import dev.downlink.model.Secret;
import dev.downlink.support.Api;
import dev.downlink.support.GatewayProcess;
import dev.downlink.support.Signer;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two gateway processes on one database, which keep their ports when they are started again. */
final class Pair implements AutoCloseable {
    private static final int SIZE = 2;

    private final Map<String, String> settings;
    private final List<Doors> doors;
    private final GatewayProcess[] nodes = new GatewayProcess[SIZE];

    private record Doors(int http, int mqtt) {}

    private Pair(Map<String, String> settings, List<Doors> doors) {
        this.settings = settings;
        this.doors = doors;
    }

    /** Starts both at the same time, on a database that neither has seen. */
    static Pair start() {
        return start(TestDatabase.blank(), Map.of());
    }

    /** @param more settings of both */
    static Pair start(Secret database, Map<String, String> more) {
        int[] ports = freePorts(3 * SIZE);
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_URI",
                database.value(),
                "SECURITY_MASTER_KEY",
                Base64.getEncoder().encodeToString(new byte[32]),
                "COMMANDS_TIMEOUT",
                "4s",
                "CLUSTER",
                "on",
                "CLUSTER_NAME",
                "pair" + ports[0],
                "CLUSTER_SECRET",
                "a-secret-of-the-cluster",
                "CLUSTER_MEMBERS",
                "127.0.0.1:" + ports[4] + ",127.0.0.1:" + ports[5]));
        settings.putAll(more);
        Pair pair = new Pair(settings, List.of(new Doors(ports[0], ports[1]), new Doors(ports[2], ports[3])));
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = both.submit(() -> pair.start(0, ports[4]));
            Future<?> second = both.submit(() -> pair.start(1, ports[5]));
            var _ = first.get();
            var _ = second.get();
            return pair;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the nodes do not start", e);
        }
    }

    /** Brings back a node that was killed. */
    void startAgain(int node) {
        String port = settings.get("CLUSTER_MEMBERS").split(",", -1)[node].replaceFirst(".*:", "");
        start(node, Integer.parseInt(port));
    }

    private void start(int node, int clusterPort) {
        Map<String, String> own = new HashMap<>(settings);
        own.put("HTTP_PORT", Integer.toString(doors.get(node).http()));
        own.put("MQTT_PORT", Integer.toString(doors.get(node).mqtt()));
        own.put("AMQP_PORT", "0");
        own.put("CLUSTER_PORT", Integer.toString(clusterPort));
        own.put("NODE_NAME", "node" + node);
        nodes[node] = nodes[node] == null
                ? GatewayProcess.fresh("cluster-" + node, own)
                : GatewayProcess.start("cluster-" + node, own);
    }

    /** A third node would need these to join: name and value in turn. */
    List<String> settings() {
        List<String> flat = new ArrayList<>();
        settings.forEach((key, value) -> flat.addAll(List.of(key, value)));
        return flat;
    }

    Secret database() {
        return new Secret(settings.get("DATABASE_URI"));
    }

    GatewayProcess node(int node) {
        return nodes[node];
    }

    int mqtt(int node) {
        return doors.get(node).mqtt();
    }

    Api api(int node) {
        return new Api(
                "http://127.0.0.1:" + doors.get(node).http(),
                GatewayProcess.PROJECT,
                new Signer(GatewayProcess.ACCESS_KEY, GatewayProcess.SECRET_KEY));
    }

    TestDevice connect(int node, String device, String secret) {
        return TestDevice.connect(mqtt(node), device, secret);
    }

    /** Both have to end cleanly. */
    @Override
    public void close() {
        for (GatewayProcess node : nodes) {
            node.close();
        }
    }

    private static int[] freePorts(int count) {
        ServerSocket[] sockets = new ServerSocket[count];
        try {
            for (int i = 0; i < count; i++) {
                sockets[i] = new ServerSocket(0);
            }
            int[] ports =
                    Arrays.stream(sockets).mapToInt(ServerSocket::getLocalPort).toArray();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
