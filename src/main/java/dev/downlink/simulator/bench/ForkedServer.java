// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A server in a process of its own, started to be measured. Blocks. */
final class ForkedServer implements AutoCloseable {
    private static final long START_LIMIT = Duration.ofSeconds(90).toNanos();
    private static final long STOP_SECONDS = 40;
    private static final int FIRST_PORT = 10_000;
    /** Linux begins here, others later. */
    private static final int FIRST_CLIENT_PORT = 32_768;

    private static final int TRIES = 100;

    private final Process process;

    private ForkedServer(Process process) {
        this.process = process;
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param output file that takes what the server prints
     */
    static ForkedServer start(List<String> command, Map<String, String> variables, Path output, BooleanSupplier ready)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        ForkedServer server = new ForkedServer(builder.start());
        long deadline = System.nanoTime() + START_LIMIT;
        while (!ready.getAsBoolean()) {
            if (!server.process.isAlive() || System.nanoTime() - deadline > 0) {
                server.close();
                throw new IllegalStateException("the server does not start, see " + output);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return server;
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL. Blocks until it is gone. */
    void kill() throws InterruptedException {
        int _ = process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and SIGKILL when that is not heard. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    /** Below those that systems give to clients: while nobody listens on it, no client of anybody's comes to have it. */
    static int freePort() {
        return ThreadLocalRandom.current()
                .ints(TRIES, FIRST_PORT, FIRST_CLIENT_PORT)
                .filter(ForkedServer::isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no port is free"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
