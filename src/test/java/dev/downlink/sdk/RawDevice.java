// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import dev.downlink.sdk.Stage.Registered;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A device on a plain MQTT 3.1.1 client, for what the SDK's devices do not do. */
final class RawDevice implements AutoCloseable {
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyyMMddHH").withZone(ZoneOffset.UTC);
    private static final int PATIENCE_SECONDS = 30;

    private final MqttClient client;
    private final MqttConnectOptions options = new MqttConnectOptions();
    private final CountDownLatch lost = new CountDownLatch(1);
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    private RawDevice(Registered device, String uri, String clientId, String hour) throws MqttException {
        client = new MqttClient(uri, clientId, new MemoryPersistence());
        client.setTimeToWait(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        client.setCallback(new Lost());
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(device.id());
        options.setPassword(password(device.secret(), hour).toCharArray());
        options.setKeepAliveInterval(120);
    }

    static RawDevice of(Registered device, String uri) throws MqttException {
        return of(device, uri, 0, Instant.now());
    }

    /** @param signType whether the gateway checks the time: 0 no, 1 yes */
    static RawDevice of(Registered device, String uri, int signType, Instant time) throws MqttException {
        String hour = HOUR.format(time);
        return new RawDevice(device, uri, device.id() + "_0_" + signType + "_" + hour, hour);
    }

    /** The password of southbound §1.1. */
    static String password(String secret, String hour) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hour.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    RawDevice keepAlive(int seconds) {
        options.setKeepAliveInterval(seconds);
        return this;
    }

    void connect() throws MqttException {
        client.connect(options);
    }

    /** The code of the CONNACK, 0 when it connected. */
    int connectCode() {
        try {
            client.connect(options);
            return 0;
        } catch (MqttException e) {
            return e.getReasonCode();
        }
    }

    /** Returns when the gateway has acknowledged it. */
    void publish(String topic, String payload) throws MqttException {
        client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, false);
    }

    /** At QoS 1. */
    void subscribe(String... filters) throws MqttException {
        for (String filter : filters) {
            client.subscribe(filter, 1);
        }
    }

    /** The topic of the next message; waits for it. */
    String receive() throws InterruptedException {
        String topic = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (topic == null) {
            throw new AssertionError("no message within " + PATIENCE_SECONDS + " s");
        }
        return topic;
    }

    /** Whether the gateway cuts the connection; waits for it. */
    boolean isCut() throws InterruptedException {
        return lost.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws MqttException {
        if (client.isConnected()) {
            client.disconnectForcibly(0, PATIENCE_SECONDS);
        }
        client.close(true);
    }

    private final class Lost implements MqttCallback {

        @Override
        public void connectionLost(Throwable cause) {
            lost.countDown();
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            received.add(topic);
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // publish() waits
        }
    }
}
