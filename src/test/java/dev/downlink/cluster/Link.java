// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.downlink.support.TestDevice;
import io.vertx.core.buffer.Buffer;
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
        Mqtt5AsyncClient client = TestDevice.client(port, device, secret).buildAsync();
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
