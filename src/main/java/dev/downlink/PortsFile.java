// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/** {@code ports.json} in the data directory: where a running gateway listens, for scripts that let it choose free ports. */
public final class PortsFile implements AutoCloseable {
    private final Path file;

    private PortsFile(Path file) {
        this.file = file;
    }

    /** Whoever reads the file sees all of it or nothing. */
    static PortsFile write(Path dataDir, Map<String, Integer> ports) {
        try {
            Path directory = Files.createDirectories(dataDir);
            Path file = directory.resolve("ports.json");
            Path fresh = directory.resolve("ports.json.new");
            String json = new JsonObject(new TreeMap<>(ports)).encode() + '\n';
            var _ = Files.writeString(fresh, json);
            var _ = Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new PortsFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write ports.json into " + dataDir, e);
        }
    }

    /** What a running gateway wrote; empty when there is none. */
    public static Map<String, Integer> read(Path dataDir) {
        Map<String, Integer> ports = new TreeMap<>();
        try {
            JsonObject written = new JsonObject(Files.readString(dataDir.resolve("ports.json")));
            written.fieldNames().forEach(door -> ports.put(door, written.getInteger(door)));
        } catch (IOException _) {
            return Map.of();
        }
        return ports;
    }

    @Override
    public void close() throws IOException {
        var _ = Files.deleteIfExists(file);
    }
}
