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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One connection of a device over MQTT 5; what it receives is told before it is acknowledged. */
final class Link {
    private final Mqtt5AsyncClient client;

    private Link(Mqtt5AsyncClient client) {
        this.client = client;
    }

    /** @param heard gets the content of each message */
    static CompletableFuture<Link> open(int port, String device, String secret, Consumer<String> heard) {
        DeviceLogin login = DeviceLogin.at(Instant.now(), new DeviceId(device), new Secret(secret));
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .identifier(login.clientId())
                .simpleAuth()
                .username(login.userName())
                .password(login.password().bytes())
                .applySimpleAuth()
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, publish -> heard.accept(content(publish)));
        return client.connectWith().keepAlive(30).cleanStart(true).send().thenApply(_ -> new Link(client));
    }

    private static String content(Mqtt5Publish publish) {
        return Buffer.buffer(publish.getPayloadAsBytes()).toJsonObject().getString("content");
    }

    boolean isOpen() {
        return client.getState().isConnected();
    }

    /** Says goodbye; fails when there is nobody to say it to. */
    CompletableFuture<Void> close() {
        return client.disconnect();
    }
}
