// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Things that happen at the same moment at two nodes, each many times over. */
class RacesIT {
    private static final String SECRET = "a-device-secret";
    private static final int A = 0;
    private static final int B = 1;
    private static final int TIMES = 15;
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Pair pair;

    @BeforeAll
    static void start() {
        pair = Pair.start();
        assertThat(pair.api(A).createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        pair.close();
    }

    /** Either the message is stored before the device looks, or the device is there when the message is stored. */
    @Test
    void postAgainstConnect() {
        for (int i = 0; i < TIMES; i++) {
            String device = register("connect" + i);
            List<String> heard = new CopyOnWriteArrayList<>();
            CompletableFuture<Link> link = connect(i % 2, device, heard);
            CompletableFuture<Api.Answer> answer = post(1 - i % 2, device, "m");

            assertThat(answer.join().status()).isEqualTo(201);
            await(device).atMost(LONG).untilAsserted(() -> assertThat(heard).containsExactly("m"));
            awaitStatus(device, "DELIVERED");
            link.join().close().join();
        }
    }

    /** Two connections of one device at two nodes, of which the later one stays: both read what waits. */
    @Test
    void connectAgainstTakeOver() {
        for (int i = 0; i < TIMES; i++) {
            String device = register("takeover" + i);
            List<String> expected = store(device, 5);
            List<String> heard = new CopyOnWriteArrayList<>();
            CompletableFuture<Link> one = connect(A, device, heard);
            CompletableFuture<Link> other = connect(B, device, heard);

            await(device).atMost(LONG).untilAsserted(() -> assertThat(heard).containsAll(expected));
            expected.forEach(id -> awaitStatus(device, id, "DELIVERED"));
            assertThat(firsts(heard)).isSorted();
            closeQuietly(one);
            closeQuietly(other);
        }
    }

    /** What a device acknowledged just before it left does not come again; what it did not, does. */
    @Test
    void acknowledgementAgainstDisconnect() {
        for (int i = 0; i < TIMES; i++) {
            String device = register("leaves" + i);
            List<String> expected = store(device, 5);
            List<String> heard = new CopyOnWriteArrayList<>();
            Link first = connect(A, device, heard).join();
            await(device).atMost(LONG).until(() -> !heard.isEmpty());
            first.close().join();

            Link second = connect(B, device, heard).join();

            await(device).atMost(LONG).untilAsserted(() -> assertThat(heard).containsAll(expected));
            expected.forEach(id -> awaitStatus(device, id, "DELIVERED"));
            assertThat(firsts(heard)).isSorted();
            second.close().join();
        }
    }

    /** A message whose time ends while it is delivered ends once, and DELIVERED only if it arrived. */
    @Test
    void expiryAgainstDelivery() throws SQLException {
        for (int i = 0; i < TIMES; i++) {
            String device = register("expires" + i);
            List<String> stored = store(device, 5);
            List<String> heard = new CopyOnWriteArrayList<>();
            expireIn(device, 20 * (i % 10));

            Link link = connect(i % 2, device, heard).join();

            stored.forEach(id ->
                    await(device).atMost(LONG).until(() -> !status(device, id).equals("PENDING")));
            for (String id : stored) {
                String end = status(device, id);
                assertThat(end).isIn("DELIVERED", "TIMEOUT");
                assertThat(end.equals("TIMEOUT") || heard.contains(id))
                        .as(device)
                        .isTrue();
            }
            link.close().join();
        }
    }

    /** Two nodes send what waits to one device that goes from one to the other again and again. */
    @Test
    void twoNodesSendToOneDevice() {
        String device = register("moves");
        List<String> heard = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Api.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            answers.add(post(i % 2, device, "m%02d".formatted(i)));
            assertThat(answers.getLast().join().status()).isEqualTo(201);
            Link link = connect(i % 2, device, heard).join();
            answers.add(post(1 - i % 2, device, "m%02d+".formatted(i)));
            assertThat(answers.getLast().join().status()).isEqualTo(201);
            link.close().join();
        }

        Link last = connect(A, device, heard).join();

        List<String> expected = IntStream.range(0, 15)
                .boxed()
                .flatMap(i -> List.of("m%02d".formatted(i), "m%02d+".formatted(i)).stream())
                .toList();
        await().atMost(LONG).untilAsserted(() -> assertThat(heard).containsAll(expected));
        assertThat(firsts(heard)).isEqualTo(expected);
        last.close().join();
    }

    private static String register(String node) {
        assertThat(pair.api(A).createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return "Meter_" + node;
    }

    private static CompletableFuture<Link> connect(int node, String device, List<String> heard) {
        return Link.open(pair.mqtt(node), device, SECRET, heard::add);
    }

    /** The id is the content too. */
    private static CompletableFuture<Api.Answer> post(int node, String device, String id) {
        JsonObject message = new JsonObject().put("message", id);
        if (id.matches("[a-z0-9]+")) {
            message.put("message_id", id);
        }
        return pair.api(node).later("POST", "/devices/" + device + "/messages", message.encode());
    }

    private static List<String> store(String device, int count) {
        List<String> ids = IntStream.range(0, count).mapToObj(n -> "m" + n).toList();
        ids.forEach(id ->
                assertThat(post(id.hashCode() & 1, device, id).join().status()).isEqualTo(201));
        return ids;
    }

    private static List<String> firsts(List<String> heard) {
        return heard.stream().distinct().toList();
    }

    private static void awaitStatus(String device, String expected) {
        awaitStatus(device, "m", expected);
    }

    private static void awaitStatus(String device, String id, String expected) {
        await(device + ' ' + id)
                .atMost(LONG)
                .untilAsserted(() -> assertThat(status(device, id)).isEqualTo(expected));
    }

    private static String status(String device, String id) {
        return pair.api(A).shownMessage(device, id).getString("status");
    }

    private static void expireIn(String device, int millis) throws SQLException {
        try (Connection connection = TestDatabase.connect(pair.database());
                PreparedStatement update = connection.prepareStatement("UPDATE message SET expires_at ="
                        + " clock_timestamp() + ? * interval '1 millisecond' WHERE connection_id = ?")) {
            // behind the sweep nobody would look any more
            update.setInt(1, 50 + millis);
            update.setString(2, device);
            assertThat(update.executeUpdate()).isEqualTo(5);
        }
    }

    private static void closeQuietly(CompletableFuture<Link> link) {
        var _ = link.thenCompose(Link::close).exceptionally(_ -> null).join();
    }
}
