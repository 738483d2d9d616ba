// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.JmsClient;
import dev.downlink.support.QueueApi;
import dev.downlink.support.QueueApi.Access;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue with consumers on both nodes, one of which dies. */
@Timeout(180)
class QueueIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int A = 0;
    private static final int B = 1;
    private static final String QUEUE = "message-status";
    private static final int MAX_ROUNDS = 15;
    private static final int ROUNDS_AFTER = 3;

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<String> devices = IntStream.range(0, 16)
            .mapToObj(i -> String.format("Meter_d%02d", i))
            .toList();
    private Pair pair;
    private Access access;

    private record Heard(int by, String device, int round) {}

    private record Told(String device, int round) {}

    @BeforeEach
    void start() {
        pair = Pair.start();
        assertThat(pair.api(A).createProduct("Meter").status()).isEqualTo(201);
        devices.forEach(
                device -> pair.api(A).createDevice("Meter", device.substring("Meter_".length()), "a-secret-of-it"));
        new QueueApi(pair.api(A)).fill(QUEUE, "device.message.status", "update");
        access = new QueueApi(pair.api(B)).access(false);
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void consumersOfBothNodesShareAQueueAndNothingIsLostWithANode() throws Exception {
        try (JmsClient _ = consume(A, B);
                JmsClient _ = consume(B, A)) {
            int rounds = 0;
            while (hearers().size() < 2 && rounds < MAX_ROUNDS) {
                send(rounds++);
                awaitAll(rounds);
            }
            assertThat(hearers()).containsExactlyInAnyOrder(A, B);

            pair.node(B).kill();
            for (int i = 0; i < ROUNDS_AFTER; i++) {
                send(rounds++);
            }
            awaitAll(rounds);
        }
        for (String device : devices) {
            assertThat(inOrderOfFirst(device)).as(device).isSorted();
        }
    }

    /** At one node, and at the other when that is gone. */
    private JmsClient consume(int node, int other) throws JMSException {
        String address = "failover:(amqp://127.0.0.1:%d,amqp://127.0.0.1:%d)"
                .formatted(pair.node(node).port("amqp"), pair.node(other).port("amqp"));
        JmsClient client = JmsClient.of(address, access.key(), access.code());
        JmsClient.consumer(client.session(Session.AUTO_ACKNOWLEDGE), QUEUE)
                .setMessageListener(message -> heard.add(heard(node, message)));
        return client;
    }

    private void send(int round) {
        for (String device : devices) {
            JsonObject message = new JsonObject().put("message_id", "m" + round).put("message", "hello");
            assertThat(pair.api(A).message(device, message).status()).isEqualTo(201);
        }
    }

    private void awaitAll(int rounds) {
        await("all are told of " + rounds + " rounds")
                .atMost(LONG)
                .untilAsserted(() -> assertThat(heard.stream()
                                .map(one -> new Told(one.device(), one.round()))
                                .collect(Collectors.toSet()))
                        .hasSize(rounds * devices.size()));
    }

    private Set<Integer> hearers() {
        return heard.stream().map(Heard::by).collect(Collectors.toSet());
    }

    /** What may have come twice counts where it came first. */
    private List<Integer> inOrderOfFirst(String device) {
        return List.copyOf(heard.stream()
                .filter(one -> one.device().equals(device))
                .map(Heard::round)
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    private static Heard heard(int by, Message message) {
        try {
            JsonObject data = new JsonObject(message.getBody(String.class)).getJsonObject("notify_data");
            String id = data.getJsonObject("body").getString("message_id");
            String device = data.getJsonObject("header").getString("device_id");
            return new Heard(by, device, Integer.parseInt(id.substring(1)));
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
