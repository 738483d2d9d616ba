// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import dev.downlink.simulator.DeviceLogin;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A device over MQTT 5 that does just what the test says. */
public final class TestDevice implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final String id;
    private final Mqtt5BlockingClient client;
    private final Mqtt5Publishes received;

    private TestDevice(String id, Mqtt5BlockingClient client) {
        this.id = id;
        this.client = client;
        this.received = client.publishes(MqttGlobalPublishFilter.ALL);
    }

    /** A client that logs in as the device. */
    public static Mqtt5ClientBuilder client(int port, String id, String secret) {
        DeviceLogin login = DeviceLogin.at(Instant.now(), new DeviceId(id), new Secret(secret));
        return MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .identifier(login.clientId())
                .simpleAuth()
                .username(login.userName())
                .password(login.password().bytes())
                .applySimpleAuth();
    }

    public static TestDevice connect(int port, String id, String secret) {
        return connect(id, client(port, id, secret));
    }

    /** With TLS; takes every certificate. */
    public static TestDevice connectTls(int port, String id, String secret) {
        Mqtt5ClientBuilder builder = client(port, id, secret)
                .sslConfig()
                .trustManagerFactory(InsecureTrustManagerFactory.INSTANCE)
                .hostnameVerifier((_, _) -> true)
                .applySslConfig();
        return connect(id, builder);
    }

    private static TestDevice connect(String id, Mqtt5ClientBuilder builder) {
        Mqtt5BlockingClient client = builder.buildBlocking();
        TestDevice device = new TestDevice(id, client);
        var _ = client.connectWith().keepAlive(60).send();
        return device;
    }

    /** At QoS 1; the gateway has to grant it. */
    public void subscribe(String filter) {
        var _ = client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
    }

    /** The payload of the next message, as text. */
    public String nextText() {
        return new String(next().getPayloadAsBytes(), StandardCharsets.UTF_8);
    }

    /** The next message that the gateway sends. */
    public Mqtt5Publish next() {
        try {
            return received.receive(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .orElseThrow(() -> new AssertionError("nothing was sent to " + id));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** The request id of the next command. */
    public String nextCommand() {
        String topic = next().getTopic().toString();
        return topic.substring(topic.indexOf("request_id=") + "request_id=".length());
    }

    public void answer(String requestId, String json) {
        publish("$oc/devices/" + id + "/sys/commands/response/request_id=" + requestId, json);
    }

    public void publish(String topic, String payload) {
        var _ = client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    public boolean isConnected() {
        return client.getState().isConnected();
    }

    @Override
    public void close() {
        received.close();
        if (isConnected()) {
            client.disconnect();
        }
    }
}
