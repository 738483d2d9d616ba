// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import dev.downlink.model.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL below the data directory, for those who have none. It listens on loopback only, wants a password and
 * keeps what it has committed. One process owns it and stops it at the end; others on this machine may connect to it
 * meanwhile. A server that a killed owner left running is stopped and started anew. Used by one thread.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String NAME = "downlink";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path directory;
    private final Path data;
    private final PasswordFile password;
    private final Binaries binaries;

    // while open
    private @Nullable FileChannel lock;
    private int port;

    private EmbeddedDatabase(Path dataDir, Path cache) {
        directory = dataDir.toAbsolutePath().normalize();
        data = directory.resolve("postgres");
        password = new PasswordFile(directory.resolve("postgres.password"));
        binaries = Binaries.in(cache);
    }

    /**
     * Starts the server and owns it.
     *
     * @throws DatabaseException also when another process owns it
     */
    public static EmbeddedDatabase start(Path dataDir) {
        EmbeddedDatabase database = new EmbeddedDatabase(dataDir, cache(dataDir));
        if (!database.tryLock()) {
            throw new DatabaseException("another process uses the database in " + database.data);
        }
        database.run();
        return database;
    }

    /** Connects to the server of the process that owns it, or starts it when no process does. */
    public static EmbeddedDatabase join(Path dataDir) {
        EmbeddedDatabase database = new EmbeddedDatabase(dataDir, cache(dataDir));
        if (database.tryLock()) {
            database.run();
        } else {
            database.port = database.awaitPort();
        }
        return database;
    }

    /** Whether this process stops the server when it closes. */
    public boolean owner() {
        return lock != null;
    }

    /** {@code postgresql://user:password@127.0.0.1:port/database} */
    public Secret uri() {
        return new Secret("postgresql://" + NAME + ':' + password.read().value() + "@127.0.0.1:" + port + '/' + NAME);
    }

    /** Stops the server if this process owns it: connections are ended, what was committed is kept. */
    @Override
    public void close() {
        if (lock == null) {
            return;
        }
        try {
            stop();
        } finally {
            unlock();
        }
    }

    /** Leaves the server running, as a killed process does. */
    void abandon() {
        unlock();
    }

    private static Path cache(Path dataDir) {
        Path home =
                Path.of(System.getProperty("user.home", "/")).resolve(".cache").resolve(NAME);
        try {
            var _ = Files.createDirectories(home);
            return Files.isWritable(home) ? home : dataDir.resolve("cache");
        } catch (IOException e) {
            return dataDir.resolve("cache");
        }
    }

    private void run() {
        try {
            stopLeftOver();
            if (!Files.exists(data)) {
                initialize();
            }
            launch();
            createDatabase();
        } catch (IOException e) {
            unlock();
            throw new DatabaseException("cannot use the data directory " + directory + ": " + e, e);
        } catch (RuntimeException e) {
            unlock();
            throw e;
        }
    }

    /** A killed gateway leaves its server running, a killed server leaves processes and its file behind. */
    private void stopLeftOver() throws IOException {
        if (Postmaster.of(data).isPresent()) {
            LOGGER.warn("stopping the database server that an earlier process left running");
            stop();
        }
        Postmaster.awaitEnd(data, STOP);
        var _ = Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    /** Under another name first, so that an interrupted one is not taken for a database. */
    private void initialize() throws IOException {
        Path fresh = directory.resolve("postgres.new");
        Binaries.delete(fresh);
        LOGGER.info("creating a database in {}", data);
        List<String> arguments = List.of(
                "--pgdata=" + fresh,
                "--username=" + NAME,
                "--pwfile=" + password.create(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions");
        binaries.run("initdb", arguments, directory.resolve("postgres.log"));
        var _ = Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void launch() throws IOException {
        port = freePort();
        var _ = Files.writeString(data.resolve("postgresql.conf"), configuration(port));
        Path log = directory.resolve("postgres.log");
        control(List.of("start", "--log=" + log, "--wait", "--timeout=" + START.toSeconds()));
        LOGGER.info("the database in {} listens on 127.0.0.1:{}", data, port);
    }

    private static String configuration(int port) {
        return """
            # written anew at every start; settings of your own: ALTER SYSTEM
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            port = %d
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            max_connections = 100
            timezone = 'UTC'
            log_timezone = 'UTC'
            log_checkpoints = off
            logging_collector = on
            log_directory = 'log'
            log_filename = 'postgresql-%%a.log'
            log_rotation_age = 1d
            log_rotation_size = 0
            log_truncate_on_rotation = on
            """.formatted(port);
    }

    private void stop() {
        control(List.of("stop", "--mode=fast", "--wait", "--timeout=" + STOP.toSeconds()));
    }

    private void control(List<String> command) {
        List<String> arguments = new ArrayList<>(command);
        arguments.add("--silent");
        arguments.add("--pgdata=" + data);
        binaries.run("pg_ctl", arguments, directory.resolve("postgres.log"));
    }

    private void createDatabase() {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
        try (Connection connection =
                        DriverManager.getConnection(url, NAME, password.read().value());
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                if (found.next()) {
                    return;
                }
            }
            var _ = statement.execute("CREATE DATABASE " + NAME);
        } catch (SQLException e) {
            throw new DatabaseException("the embedded database refuses: " + e.getMessage(), e);
        }
    }

    private int awaitPort() {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            Optional<Postmaster> running = Postmaster.of(data).filter(Postmaster::ready);
            if (running.isPresent()) {
                return running.get().port();
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new DatabaseException("another process has locked " + data + " but runs no database there");
    }

    private boolean tryLock() {
        FileChannel channel = null;
        try {
            var _ = Files.createDirectories(directory);
            channel = FileChannel.open(
                    directory.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                lock = channel;
                return true;
            }
            channel.close();
            return false;
        } catch (OverlappingFileLockException e) {
            closeQuietly(channel);
            return false;
        } catch (IOException e) {
            closeQuietly(channel);
            throw new DatabaseException("cannot use the data directory " + directory + ": " + e, e);
        }
    }

    private void unlock() {
        closeQuietly(lock);
        lock = null;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOGGER.debug("closing the lock", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
