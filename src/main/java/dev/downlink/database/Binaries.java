// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, taken out of the jar of this platform once and kept for later starts. */
final class Binaries {
    private static final Logger LOGGER = LoggerFactory.getLogger(Binaries.class);

    private final Path home;

    private Binaries(Path home) {
        this.home = home;
    }

    /** @param cache where they are kept; several processes may do this at once */
    static Binaries in(Path cache) {
        try {
            byte[] archive = archive();
            Path home = cache.resolve("postgresql-" + digest(archive));
            if (!Files.isDirectory(home)) {
                LOGGER.info("extracting PostgreSQL to {}", home);
                extractAtomically(archive, home);
            }
            return new Binaries(home);
        } catch (IOException e) {
            throw new DatabaseException("cannot unpack the embedded PostgreSQL into " + cache + ": " + e, e);
        }
    }

    /**
     * Runs one of the programs to its end.
     *
     * @param log takes what it prints
     * @throws DatabaseException with what it printed when it fails
     */
    void run(String program, List<String> arguments, Path log) {
        try {
            Files.deleteIfExists(log);
            Process process = new ProcessBuilder(command(program, arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            if (process.waitFor() != 0) {
                throw new DatabaseException("the embedded database fails in " + program + ": " + tail(log));
            }
        } catch (IOException e) {
            throw new DatabaseException("cannot run " + program + " of the embedded database: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while waiting for " + program, e);
        }
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 6), lines.size()));
    }

    /** They refuse to run as root, so root runs them in a user namespace. */
    private List<String> command(String program, List<String> arguments) {
        List<String> line = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            line.addAll(List.of("unshare", "-U"));
        }
        line.add(home.resolve("bin").resolve(program).toString());
        line.addAll(arguments);
        return line;
    }

    private static byte[] archive() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "Darwin" : "Linux";
        String machine = System.getProperty("os.arch");
        try (InputStream in = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                system, machine.equals("amd64") ? "x86_64" : machine)) {
            return in.readAllBytes();
        } catch (IllegalStateException e) {
            throw new DatabaseException(
                    "there is no embedded PostgreSQL for " + system + " on " + machine + "; set a database URI", e);
        }
    }

    private static String digest(byte[] archive) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A half extracted directory never gets the final name, whatever happens. */
    private static void extractAtomically(byte[] archive, Path home) throws IOException {
        Path parent = Files.createDirectories(home.toAbsolutePath().getParent());
        Path fresh = Files.createTempDirectory(parent, "postgresql-new-");
        try {
            extract(archive, fresh);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(fresh);
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void extract(byte[] archive, Path into) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = into.resolve(entry.getName()).normalize();
                if (!path.startsWith(into)) {
                    throw new IOException("the archive leaves its directory: " + entry.getName());
                }
                extract(tar, entry, path);
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            var _ = Files.createDirectories(path);
            return;
        }
        var _ = Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            var _ = Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        var _ = Files.copy(tar, path);
        if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + path + " executable");
        }
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
