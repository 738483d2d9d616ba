// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.database.EmbeddedDatabase;
import dev.downlink.database.Migrations;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SessionRows;
import dev.downlink.support.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossIT {
    @TempDir
    Path directory;

    @Test
    void aDatabaseThatIsGoneIsReportedAtOnce() {
        EmbeddedDatabase database = EmbeddedDatabase.start(directory);
        new Migrations(database.uri(), null).migrate();
        try (Room room = Room.furnished(database.uri())) {
            database.close();

            assertThat(room.failure(new AccountRows.SelectProjects())).isEqualTo(new Failure.StorageUnavailable());
            assertThat(room.failure(new SessionRows.SelectPresence(new DeviceId("d"))))
                    .isEqualTo(new Failure.StorageUnavailable());
        }
    }

    @Test
    void lostConnectionsAreReplaced() throws Exception {
        Secret uri = TestDatabase.fresh();
        try (Room room = Room.furnished(uri);
                Connection connection = TestDatabase.connect(uri)) {
            var _ = connection
                    .createStatement()
                    .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");

            await().untilAsserted(() ->
                    assertThat(room.failure(new AccountRows.SelectProjects())).isNull());
        }
    }
}
