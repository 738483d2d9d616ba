// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A real server of the S3 protocol in a process of its own, which checks signatures and keeps objects as files. */
public final class StorageServer implements AutoCloseable {
    public static final String ACCESS_KEY = "AKIDDOWNLINK";
    public static final String SECRET_KEY = "sk/of+downlink";

    private final Path directory;
    private ForkedProgram program;
    private int port;

    public StorageServer(Path directory) {
        this.directory = directory;
        start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Takes the port that it had before. */
    public void start() {
        program = ForkedProgram.source(
                "storage", "target/sdk/storage/*", Path.of("src/test/sdk/storage/ObjectStorage.java"));
        program.tell(directory + " " + port + ' ' + ACCESS_KEY + ' ' + SECRET_KEY);
        port = Integer.parseInt(program.hear(line -> line.startsWith("ready ")).substring("ready ".length()));
    }

    /** Like kill -9. */
    public void kill() {
        program.close();
    }

    public void createBucket(String name) {
        try {
            var _ = Files.createDirectory(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of each object by its key. */
    public Map<String, List<String>> objects(String bucket) {
        Path root = directory.resolve(bucket);
        try (Stream<Path> files = Files.walk(root)) {
            Map<String, List<String>> objects = new TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                objects.put(root.relativize(file).toString(), Files.readAllLines(file));
            }
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of all objects, in the order of their keys. */
    public List<String> lines(String bucket) {
        List<String> lines = new ArrayList<>();
        objects(bucket).values().forEach(lines::addAll);
        return lines;
    }

    @Override
    public void close() {
        program.close();
    }
}
