// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.Secret;
import dev.downlink.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
    @TempDir
    Path directory;

    @Test
    void promisesOnlyWhatIsOnDisk() throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(ask(database, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(database, "SHOW server_version")).startsWith("18.");
        }
    }

    @Test
    void listensOnLoopbackOnlyAndWantsThePassword() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            Secret wrong = new Secret(database.uri().value().replaceFirst(":[0-9a-f]{48}@", ":wrong@"));

            assertThatThrownBy(() -> TestDatabase.connect(wrong)).isInstanceOf(SQLException.class);
            assertThat(ask(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(database, "SHOW unix_socket_directories")).isEmpty();
            assertThat(Files.getPosixFilePermissions(directory.resolve("postgres.password")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void keepsItsDataOverARestart() throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            tell(database, "CREATE TABLE kept AS SELECT 'yes' AS answer");
        }

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(ask(database, "SELECT answer FROM kept")).isEqualTo("yes");
        }
    }

    @Test
    void startsAgainAfterItsServerWasKilled() throws Exception {
        EmbeddedDatabase killed = EmbeddedDatabase.start(directory);
        tell(killed, "CREATE TABLE kept AS SELECT 'yes' AS answer");
        kill(server());
        assertThatThrownBy(killed::close).isInstanceOf(DatabaseException.class);

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(ask(database, "SELECT answer FROM kept")).isEqualTo("yes");
        }
    }

    @Test
    void takesTheFileOfADeadServerForWhatItIs() throws Exception {
        EmbeddedDatabase.start(directory).close();
        String another = Long.toString(ProcessHandle.current().pid());
        Files.writeString(
                directory.resolve("postgres/postmaster.pid"), another + "\nx\n1\n1\n\n127.0.0.1\n1 1\nready\n");

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(ask(database, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void isOwnedByOneAndJoinedByOthers() throws SQLException {
        try (EmbeddedDatabase owner = EmbeddedDatabase.start(directory)) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("another process");

            try (EmbeddedDatabase guest = EmbeddedDatabase.join(directory)) {
                assertThat(guest.owner()).isFalse();
                assertThat(guest.uri()).isEqualTo(owner.uri());
            }
            assertThat(ask(owner, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void whoJoinsAloneStartsIt() throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
            assertThat(database.owner()).isTrue();
            assertThat(ask(database, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void replacesAServerThatOutlivedItsOwner() throws Exception {
        EmbeddedDatabase owner = EmbeddedDatabase.start(directory);
        owner.abandon();

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(ask(database, "SELECT 1")).isEqualTo("1");
        }
        assertThat(Postmaster.of(directory.resolve("postgres"))).isEmpty();
    }

    @Test
    void saysWhyItDoesNotStart() throws IOException {
        EmbeddedDatabase.start(directory).close();
        Files.writeString(directory.resolve("postgres/PG_VERSION"), "9.6\n");

        assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("9.6");
    }

    private ProcessHandle server() {
        return Postmaster.of(directory.resolve("postgres")).orElseThrow().process();
    }

    private static void kill(ProcessHandle process) throws Exception {
        assertThat(process.destroyForcibly()).isTrue();
        assertThat(process.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    private static String ask(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = TestDatabase.connect(database.uri());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void tell(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = TestDatabase.connect(database.uri());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
