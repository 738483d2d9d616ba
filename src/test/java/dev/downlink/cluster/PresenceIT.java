// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.GatewayProcess;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestRules;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is shown and told of devices while nodes come and go. */
class PresenceIT {
    private static final String SECRET = "a-device-secret";
    private static final int A = 0;
    private static final int B = 1;
    private static final Duration LONG = Duration.ofSeconds(60);

    private Pair pair;

    @BeforeEach
    void start() {
        pair = Pair.start(TestDatabase.blank(), Map.of("STATUS_DEBOUNCE", "2s"));
        assertThat(pair.api(A).createProduct("Meter").status()).isEqualTo(201);
        TestRules.add(pair.database(), GatewayProcess.PROJECT, null, "device.status:update", true);
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private String device(String node) {
        assertThat(pair.api(A).createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return "Meter_" + node;
    }

    private String status(int node, String device) {
        return pair.api(node).get("/devices/" + device).body().getString("status");
    }

    private List<String> told(String device) {
        try (Connection connection = TestDatabase.connect(pair.database());
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT body ->> 'status' FROM outbox WHERE device_id = '" + device
                                + "' ORDER BY id")) {
            List<String> told = new ArrayList<>();
            while (rows.next()) {
                told.add(rows.getString(1));
            }
            return told;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void statusIsTrueThroughKillAndTakeOver() {
        String moves = device("moves");
        String stays = device("stays");
        String lost = device("lost");
        try (TestDevice atA = pair.connect(A, stays, SECRET);
                TestDevice _ = pair.connect(B, lost, SECRET);
                TestDevice _ = pair.connect(B, moves, SECRET)) {
            assertThat(List.of(status(A, moves), status(A, lost), status(B, stays)))
                    .containsOnly("ONLINE");

            pair.node(B).kill();
            try (TestDevice _ = pair.connect(A, moves, SECRET)) {
                await("the lost device is told off line")
                        .atMost(LONG)
                        .untilAsserted(() -> assertThat(told(lost)).containsExactly("ONLINE", "OFFLINE"));

                assertThat(List.of(status(A, moves), status(A, lost), status(A, stays)))
                        .containsExactly("ONLINE", "OFFLINE", "ONLINE");
                assertThat(told(moves)).containsExactly("ONLINE");

                pair.startAgain(B);
                try (TestDevice _ = pair.connect(B, lost, SECRET);
                        TestDevice _ = pair.connect(B, stays, SECRET)) {
                    await("the old connection is closed").atMost(LONG).until(() -> !atA.isConnected());
                    assertThat(List.of(status(A, moves), status(A, lost), status(A, stays)))
                            .containsOnly("ONLINE");
                }
            }
        }
        await("all are told off line").atMost(LONG).untilAsserted(() -> {
            assertThat(told(lost)).containsExactly("ONLINE", "OFFLINE", "ONLINE", "OFFLINE");
            assertThat(told(moves)).containsExactly("ONLINE", "OFFLINE");
            assertThat(told(stays)).containsExactly("ONLINE", "OFFLINE");
        });
        assertThat(List.of(status(B, moves), status(A, lost), status(B, stays))).containsOnly("OFFLINE");
    }
}
