// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An application's server, which takes pushes of the status of messages. It can be down; then it has the same port again. */
final class Application implements AutoCloseable {
    private final List<Push> pushes = new CopyOnWriteArrayList<>();
    private int port;
    private HttpServer server;
    private ExecutorService threads;

    /** @param id of the event */
    record Push(String id, String device, String message) {}

    Application() {
        up();
    }

    /** Takes pushes from now on. */
    void up() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = server.getAddress().getPort();
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    /** Breaks all connections off; what was just taken is not answered. */
    void down() {
        server.stop(0);
        var _ = threads.shutdownNow();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonObject event =
                    new JsonObject(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            JsonObject data = event.getJsonObject("notify_data");
            pushes.add(new Push(
                    event.getString("request_id"),
                    data.getJsonObject("header").getString("device_id"),
                    data.getJsonObject("body").getString("message_id")));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port + "/events";
    }

    List<Push> pushes() {
        return List.copyOf(pushes);
    }

    /** Each message once, in the order of the first arrivals. */
    List<String> messages(String device) {
        return pushes.stream()
                .filter(push -> push.device.equals(device))
                .map(Push::message)
                .distinct()
                .toList();
    }

    /** How many pushes were of an event that had come before. */
    long repeated() {
        return pushes.size() - pushes.stream().map(Push::id).distinct().count();
    }

    @Override
    public void close() {
        down();
    }
}
