// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Java program in a JVM and with libraries of its own, told and heard by lines. What it writes is kept in
 * {@code target/forked}. Safe for all threads.
 */
public final class ForkedProgram implements AutoCloseable {
    /** Long enough for the slow start of a JVM on a busy machine; a wait that takes it whole has failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final Path LOGS = Path.of("target", "forked");

    private final String name;
    private final Process process;
    private final Thread reader;
    private final List<String> unheard = new ArrayList<>();
    private boolean ended;

    private ForkedProgram(String name, Process process) {
        this.name = name;
        this.process = process;
        this.reader = Thread.ofVirtual().name(name).start(this::read);
    }

    /**
     * Starts a program of one source file.
     *
     * @param name of the file in {@code target/forked} that gets its stderr
     */
    public static ForkedProgram source(String name, String classPath, Path source) {
        List<String> command = List.of(
                java(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                // the device SDK reads payloads in the platform's charset
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                classPath,
                source.toString());
        try {
            Path log = Files.createDirectories(LOGS).resolve(name + ".log");
            Process process =
                    new ProcessBuilder(command).redirectError(log.toFile()).start();
            return new ForkedProgram(name, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The {@code java} that runs the tests. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    public void tell(String line) {
        try {
            process.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not listen, see " + LOGS, e);
        }
    }

    /** The first line that fits and was not heard before; waits for it. */
    public String hear(Predicate<String> wanted) {
        try {
            return await(wanted);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while " + name + " was awaited", e);
        }
    }

    /** Closes its stdin and waits until it ends by itself. */
    public int end() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!process.waitFor(PATIENCE)) {
            throw new AssertionError(name + " does not end, see " + LOGS);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            boolean _ = process.waitFor(PATIENCE);
            boolean _ = reader.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String await(Predicate<String> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<String> line = take(wanted);
        while (line.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (ended || left <= 0) {
                throw new AssertionError(
                        name + (ended ? " ended" : " said nothing that fits") + ", only " + unheard + "; see " + LOGS);
            }
            wait(left);
            line = take(wanted);
        }
        return line.get();
    }

    private Optional<String> take(Predicate<String> wanted) {
        for (Iterator<String> lines = unheard.iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (wanted.test(line)) {
                lines.remove();
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said(line);
            }
        } catch (IOException _) {
            // closed by close()
        }
        over();
    }

    private synchronized void said(String line) {
        unheard.add(line);
        notifyAll();
    }

    private synchronized void over() {
        ended = true;
        notifyAll();
    }
}
