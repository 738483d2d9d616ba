// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.database.EmbeddedDatabase;
import dev.downlink.support.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Gateways and PostgreSQL are killed at any moment while messages are sent and devices come and go. {@code -Dcrash.rounds} says
 * how often, {@code -Dcrash.seed} makes the moments the same again as far as that can be.
 */
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 5);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int DEVICES = 6;
    private static final String SECRET = "a-device-secret";
    /** Around a crash: connections that hang, nodes that start, PUBACKs that are lost. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final Random random = new Random(SEED);
    private final List<Crash> crashes = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private EmbeddedDatabase database;
    private Pair pair;

    private record Crash(Instant begin, Instant end) {
        boolean covers(Instant time) {
            return time.isAfter(begin.minus(SLACK)) && time.isBefore(end.plus(SLACK));
        }
    }

    @BeforeEach
    void start() {
        database = EmbeddedDatabase.start(Path.of(
                "target", "test-database", "crash-" + ProcessHandle.current().pid()));
        pair = Pair.start(database.uri(), Map.of("MESSAGES_MAX_PER_DEVICE", "1000"));
        assertThat(pair.api(0).createProduct("Meter").status()).isEqualTo(201);
        for (int i = 0; i < DEVICES; i++) {
            assertThat(pair.api(0).createDevice("Meter", "c" + i, SECRET).status())
                    .isEqualTo(201);
            long seed = SEED + i;
            Random nodes = new Random(seed);
            receivers.add(new Receiver("Meter_c" + i, SECRET, () -> pair.mqtt(nodes.nextInt(2)), seed));
            Random choice = new Random(-seed);
            writers.add(new Writer("Meter_c" + i, () -> pair.api(choice.nextInt(2))));
        }
    }

    @AfterEach
    void stop() {
        writers.forEach(Writer::close);
        receivers.forEach(Receiver::close);
        pair.close();
        database.close();
    }

    @Test
    void whatWasPromisedArrives() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(1500));
            Instant begin = Instant.now();
            if (round % 3 == 2) {
                crashDatabase();
            } else {
                crashNode(random.nextInt(2));
            }
            crashes.add(new Crash(begin, Instant.now()));
        }
        writers.forEach(Writer::close);
        receivers.forEach(Receiver::settle);

        for (int i = 0; i < DEVICES; i++) {
            awaitAll(writers.get(i), receivers.get(i));
        }
        awaitNoneWaits();
        assertThat(writers).allSatisfy(writer -> {
            assertThat(writer.errors()).isEmpty();
            assertThat(writer.promised()).hasSizeGreaterThan(10);
        });
        for (int i = 0; i < DEVICES; i++) {
            isInOrder(writers.get(i), receivers.get(i));
        }
        assertThat(receivers).allSatisfy(this::repeatsOnlyAroundCrashes);
    }

    private void crashNode(int node) {
        pair.node(node).kill();
        pair.startAgain(node);
    }

    /** The end of any of its processes makes PostgreSQL drop all connections and recover from its log. */
    private void crashDatabase() throws SQLException {
        try (Connection connection = TestDatabase.connect(database.uri())) {
            long pid = number(connection, "SELECT pg_backend_pid()");
            assertThat(ProcessHandle.of(pid)).hasValueSatisfying(ProcessHandle::destroyForcibly);
        }
        await("PostgreSQL that takes connections again")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> count("SELECT 1") == 1);
    }

    private static void awaitAll(Writer writer, Receiver receiver) {
        await("all that was promised, seed " + SEED)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(receiver.receipts())
                        .extracting(Receiver.Receipt::content)
                        .containsAll(writer.promised()));
    }

    private void awaitNoneWaits() {
        await("no message that is pending, seed " + SEED)
                .atMost(Duration.ofSeconds(30))
                .until(() -> count("SELECT count(*) FROM message WHERE state = 0") == 0);
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = TestDatabase.connect(database.uri())) {
            return number(connection, sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }

    /**
     * Contents are numbered, and what comes again does not count. A message that was not promised may be stored later than
     * its sender, who went on, believes: its request ended when a node or the database did.
     */
    private static void isInOrder(Writer writer, Receiver receiver) {
        Set<String> promised = Set.copyOf(writer.promised());
        List<String> firsts = receiver.receipts().stream()
                .map(Receiver.Receipt::content)
                .distinct()
                .filter(promised::contains)
                .toList();
        assertThat(firsts).as("order, seed %d", SEED).isSorted();
    }

    private void repeatsOnlyAroundCrashes(Receiver receiver) {
        Set<String> seen = new HashSet<>();
        assertThat(receiver.receipts().stream()
                        .filter(receipt -> !seen.add(receipt.content()))
                        .filter(receipt -> crashes.stream().noneMatch(crash -> crash.covers(receipt.time()))))
                .as("repeated, seed %d", SEED)
                .isEmpty();
    }
}
