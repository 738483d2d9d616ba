// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.downlink.support.TestDevice;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device with the service WaterMeter that takes what it is set and reports it; in between it loses its connection at random,
 * before or after it has taken a value, and comes back at any of the nodes. Safe for all threads.
 */
final class Twin implements AutoCloseable {
    private final Pair pair;
    private final String id;
    private final String secret;
    private final Random random;
    private final JsonObject state = new JsonObject();
    private final AtomicInteger drops = new AtomicInteger();
    private Mqtt5AsyncClient client;
    private boolean calm;
    private boolean closed;

    Twin(Pair pair, String id, String secret, long seed) {
        this.pair = pair;
        this.id = id;
        this.secret = secret;
        random = new Random(seed);
        connect();
    }

    private synchronized void connect() {
        if (closed) {
            return;
        }
        Mqtt5AsyncClient fresh =
                TestDevice.client(pair.mqtt(random.nextInt(2)), id, secret).buildAsync();
        client = fresh;
        fresh.publishes(MqttGlobalPublishFilter.ALL, publish -> receive(fresh, publish));
        var _ = fresh.connectWith().keepAlive(30).cleanStart(true).send().whenComplete((_, failure) -> {
            if (failure != null) {
                connect();
            }
        });
    }

    private synchronized void receive(Mqtt5AsyncClient connection, Mqtt5Publish publish) {
        int fate = calm ? 100 : random.nextInt(100);
        if (fate < 10) {
            drop(connection);
            return;
        }
        JsonArray services =
                Buffer.buffer(publish.getPayloadAsBytes()).toJsonObject().getJsonArray("services");
        for (int i = 0; i < services.size(); i++) {
            state.mergeIn(services.getJsonObject(i).getJsonObject("properties"));
        }
        if (fate < 20) {
            drop(connection);
            return;
        }
        send(connection, publish.getTopic().toString().replace("/set/", "/set/response/"), "{\"result_code\":0}");
        if (fate < 30) {
            drop(connection);
            return;
        }
        JsonObject service = JsonObject.of("service_id", "WaterMeter", "properties", state);
        send(
                connection,
                "$oc/devices/" + id + "/sys/properties/report",
                JsonObject.of("services", JsonArray.of(service)).encode());
    }

    private static void send(Mqtt5AsyncClient connection, String topic, String payload) {
        // a connection that is just lost takes nothing, and that is part of the game
        var _ = connection
                .publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send()
                .exceptionally(_ -> null);
    }

    private void drop(Mqtt5AsyncClient connection) {
        drops.incrementAndGet();
        CompletableFuture<Void> gone = connection.disconnect();
        var _ = gone.whenComplete((_, _) -> reconnect(connection));
    }

    private synchronized void reconnect(Mqtt5AsyncClient lost) {
        if (lost.equals(client)) {
            connect();
        }
    }

    /** From now on it keeps its connection. */
    synchronized void calmDown() {
        calm = true;
    }

    synchronized JsonObject state() {
        return state.copy();
    }

    int drops() {
        return drops.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        var _ = client.disconnect().exceptionally(_ -> null);
    }
}
