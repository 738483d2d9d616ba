// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The program as its users start it, {@code java -jar target/downlink.jar run}, in a process of its own. Data and log stand in
 * {@code target/gateways/NAME} and stay there.
 */
public final class GatewayProcess implements AutoCloseable {
    public static final String PROJECT = "acceptance";
    public static final String ACCESS_KEY = "ACCEPTANCE";
    public static final String SECRET_KEY = "a-secret-key-of-the-tests";

    private static final Duration STARTING = Duration.ofSeconds(90);
    private static final Duration STOPPING = Duration.ofSeconds(60);

    private final Path home;
    private final Process process;
    private final Thread hook;
    private final JsonObject ports;

    private GatewayProcess(Path home, Process process) {
        this.home = home;
        this.process = process;
        this.hook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            this.ports = ready();
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
    }

    /**
     * Starts a gateway with the project {@link #PROJECT} on free ports and waits until it is ready.
     *
     * @param name whose data are kept from one start to the next
     * @param settings variables without {@code DOWNLINK_}
     */
    public static GatewayProcess start(String name, Map<String, String> settings) {
        Path home = home(name);
        try {
            Path _ = Files.createDirectories(home);
            boolean _ = Files.deleteIfExists(home.resolve("data/ports.json"));
            return new GatewayProcess(home, builder(home, settings).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, without anything that an earlier run has left. */
    public static GatewayProcess fresh(String name, Map<String, String> settings) {
        try {
            delete(home(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return start(name, settings);
    }

    private static Path home(String name) {
        return Path.of("target", "gateways", name);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static ProcessBuilder builder(Path home, Map<String, String> settings) {
        // the quick compiler alone starts sooner, and no test measures speed
        List<String> command = new ArrayList<>(List.of(ForkedProgram.java(), "-Xmx512m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-jar", Path.of("target", "downlink.jar").toString(), "run"));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> all = new HashMap<>(Map.of(
                "HTTP_PORT",
                "0",
                "MQTT_PORT",
                "0",
                "MANAGEMENT_PORT",
                "0",
                "MQTTS_PORT",
                "0",
                "DATA_DIR",
                home.resolve("data").toString(),
                "BOOTSTRAP_PROJECT",
                PROJECT,
                "BOOTSTRAP_ACCESS_KEY",
                ACCESS_KEY,
                "BOOTSTRAP_SECRET_KEY",
                SECRET_KEY));
        all.putAll(settings);
        all.forEach((key, value) -> builder.environment().put("DOWNLINK_" + key, value));
        return builder.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("log.txt").toFile()));
    }

    /** Base of all URLs, without a slash at the end. */
    public String http() {
        return "http://127.0.0.1:" + port("http");
    }

    /** @param door {@code http}, {@code mqtt}, {@code mqtts} or {@code database} */
    public int port(String door) {
        return ports.getInteger(door);
    }

    public String log() {
        try {
            return Files.readString(home.resolve("log.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to stop, as Ctrl-C and Kubernetes do, and says with which exit code it did. */
    public int stop() {
        process.destroy();
        return exit();
    }

    /** Ends it without any warning. */
    public void kill() {
        process.destroyForcibly();
        int _ = exit();
    }

    /** Stops it, if it still runs; an end other than a clean one fails the test. */
    @Override
    public void close() {
        if (process.isAlive()) {
            int code = stop();
            if (code != 0) {
                throw new AssertionError("the gateway stopped with " + code + ", see " + home);
            }
        }
    }

    private int exit() {
        try {
            if (!process.waitFor(STOPPING)) {
                process.destroyForcibly();
                throw new AssertionError("the gateway does not stop, see " + home);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the gateway stops", e);
        }
        boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        return process.exitValue();
    }

    private JsonObject ready() {
        await("a gateway that is ready, see " + home)
                .atMost(STARTING)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("the gateway ended with " + process.exitValue() + ", see " + home);
                    }
                    return Files.exists(portsFile()) && healthy();
                });
        return readPorts();
    }

    private boolean healthy() throws InterruptedException {
        URI health = URI.create("http://127.0.0.1:" + readPorts().getInteger("http") + "/health/ready");
        HttpRequest request =
                HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private Path portsFile() {
        return home.resolve("data/ports.json");
    }

    private JsonObject readPorts() {
        try {
            return new JsonObject(Files.readString(portsFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
