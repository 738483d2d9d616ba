// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import dev.downlink.database.EmbeddedDatabase;
import dev.downlink.database.Migrations;
import dev.downlink.model.Secret;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One real PostgreSQL per JVM: a container where a Docker engine answers, else the embedded one. Each caller gets a database
 * of its own, migrated already.
 */
public final class TestDatabase {
    private static final String TEMPLATE = "migrated";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestDatabase() {}

    /** {@code postgresql://} URI of a new, migrated and empty database. */
    public static Secret fresh() {
        return create("TEMPLATE " + TEMPLATE);
    }

    /** {@code postgresql://} URI of a new database without any table. */
    public static Secret blank() {
        return create("TEMPLATE template0");
    }

    /** Connects as JDBC does, for what a test looks at or breaks by itself. */
    public static Connection connect(Secret uri) throws SQLException {
        return DriverManager.getConnection(uri.value()
                .replaceFirst("postgresql://([^:]*):([^@]*)@(.*)", "jdbc:postgresql://$3?user=$1&password=$2"));
    }

    private static Secret create(String how) {
        String name = "test" + COUNT.incrementAndGet();
        execute(Server.URI, "DROP DATABASE IF EXISTS " + name);
        execute(Server.URI, "CREATE DATABASE " + name + " " + how);
        return database(Server.URI, name);
    }

    /** Runs a statement as it is. */
    public static void execute(Secret uri, String sql) {
        try (Connection connection = connect(uri);
                Statement statement = connection.createStatement()) {
            var _ = statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static Secret database(Secret uri, String name) {
        return new Secret(uri.value().replaceFirst("/[^/]*$", "/" + name));
    }

    /** Started by the first who asks, stopped with the JVM. */
    private static final class Server {
        static final Secret URI = withTemplate(dockerAnswers() ? container() : embedded());

        private static Secret withTemplate(Secret server) {
            execute(server, "DROP DATABASE IF EXISTS " + TEMPLATE);
            execute(server, "CREATE DATABASE " + TEMPLATE);
            var _ = new Migrations(database(server, TEMPLATE), null).migrate();
            return server;
        }

        private static boolean dockerAnswers() {
            try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                return socket.connect(UnixDomainSocketAddress.of("/var/run/docker.sock"));
            } catch (IOException e) {
                return false;
            }
        }

        @SuppressWarnings("resource") // lives as long as the JVM
        private static Secret container() {
            PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine");
            container.start();
            return new Secret("postgresql://" + container.getUsername() + ':' + container.getPassword() + '@'
                    + container.getHost() + ':' + container.getFirstMappedPort() + '/' + container.getDatabaseName());
        }

        private static Secret embedded() {
            Path directory = Path.of(
                    "target",
                    "test-database",
                    Long.toString(ProcessHandle.current().pid()));
            EmbeddedDatabase database = EmbeddedDatabase.start(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(database::close));
            return database.uri();
        }
    }
}
