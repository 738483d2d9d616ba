// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.DeviceLogin;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

/** A device that comes and goes, each time to whichever node, and writes down what it receives before it acknowledges. */
final class Receiver implements AutoCloseable {
    private static final int SECONDS = 10;
    private static final int LONGEST_STAY_MILLIS = 1500;

    private final String device;
    private final String secret;
    private final IntSupplier port;
    private final Random random;
    private final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    private final Thread life;
    private volatile boolean restless = true;
    private volatile boolean ended;

    /** @param content of a message */
    record Receipt(String content, Instant time) {}

    Receiver(String device, String secret, IntSupplier port, long seed) {
        this.device = device;
        this.secret = secret;
        this.port = port;
        random = new Random(seed);
        life = Thread.ofVirtual().name(device).start(this::live);
    }

    List<Receipt> receipts() {
        return List.copyOf(receipts);
    }

    /** From now on it stays where it is, as long as that is there. */
    void settle() {
        restless = false;
    }

    private void live() {
        while (!ended) {
            Mqtt5AsyncClient client = client();
            try {
                var _ = client.connectWith()
                        .keepAlive(30)
                        .cleanStart(true)
                        .send()
                        .get(SECONDS, TimeUnit.SECONDS);
                stay(client);
                var _ = client.disconnect().get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException _) {
                // the node is gone, or goes just now: the next time it is another one
                pause(100);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void stay(Mqtt5AsyncClient client) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_STAY_MILLIS));
        while (!ended && client.getState().isConnected() && (!restless || System.nanoTime() < end)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Mqtt5AsyncClient client() {
        DeviceLogin login = DeviceLogin.at(Instant.now(), new DeviceId(device), new Secret(secret));
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(port.getAsInt())
                .identifier(login.clientId())
                .simpleAuth()
                .username(login.userName())
                .password(login.password().bytes())
                .applySimpleAuth()
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, this::received);
        return client;
    }

    private void received(Mqtt5Publish publish) {
        String content =
                Buffer.buffer(publish.getPayloadAsBytes()).toJsonObject().getString("content");
        receipts.add(new Receipt(content, Instant.now()));
    }

    @Override
    public void close() {
        ended = true;
        try {
            life.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
