// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import dev.downlink.auth.DevicePassword;
import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.AdapterRequest.Command;
import dev.downlink.protocol.AdapterRequest.DeliverCall;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Notice.AnswerArrived;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command and its answer with the clients that devices use. None of them subscribes. */
@Timeout(60)
class ClientsTest {
    private static final DeviceId DEVICE = new DeviceId("d_1");
    private static final RequestId REQUEST = RequestId.next(5, 3);
    private static final String CLIENT = "d_1_0_0_" + Packet.HOUR;
    private static final String PASSWORD = DevicePassword.of(Neighbours.SECRET, 0, Packet.HOUR);
    private static final String ANSWER = "{\"result_code\":0}";

    private final Room room = new Room();

    @BeforeEach
    void start() {
        room.neighbours.device("d_1", Neighbours.BY_SECRET);
        room.bus
                .hear(Address.correlator(5, 3), AnswerArrived.class, room.neighbours.answers::add)
                .await();
        room.start();
    }

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {MqttConnectOptions.MQTT_VERSION_3_1, MqttConnectOptions.MQTT_VERSION_3_1_1})
    void pahoAnswers(int version) throws MqttException, InterruptedException {
        try (MqttAsyncClient device = paho()) {
            device.setCallback(new Answering(device));
            device.connect(options(version, PASSWORD)).waitForCompletion();

            deliver();

            assertThat(answer()).isEqualTo(new AnswerArrived(REQUEST, DEVICE, CallKind.COMMAND, new Json(ANSWER)));
            device.disconnect().waitForCompletion();
        }
    }

    @Test
    void pahoIsToldOfAWrongPasswordInBothVersionsThatItTries() throws MqttException {
        try (MqttAsyncClient device = paho()) {
            MqttConnectOptions options = options(MqttConnectOptions.MQTT_VERSION_DEFAULT, "wrong");

            MqttException e = catchThrowableOfType(
                    MqttException.class, () -> device.connect(options).waitForCompletion());

            assertThat(e.getReasonCode()).isEqualTo(4);
        }
    }

    @Test
    void hiveMqAnswersWithMqtt5() throws InterruptedException {
        Mqtt5BlockingClient device = hiveMq();
        device.toAsync()
                .publishes(
                        MqttGlobalPublishFilter.ALL,
                        publish -> device.toAsync()
                                .publishWith()
                                .topic(publish.getTopic().toString().replace("/commands/", "/commands/response/"))
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .payload(ANSWER.getBytes(StandardCharsets.UTF_8))
                                .send());
        connect(device, PASSWORD);

        deliver();

        assertThat(answer()).isEqualTo(new AnswerArrived(REQUEST, DEVICE, CallKind.COMMAND, new Json(ANSWER)));
        device.disconnect();
    }

    @Test
    void hiveMqIsToldOfAWrongPassword() {
        Mqtt5BlockingClient device = hiveMq();

        Mqtt5ConnAckException e = catchThrowableOfType(Mqtt5ConnAckException.class, () -> connect(device, "wrong"));

        assertThat(e.getMqttMessage().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }

    private void connect(Mqtt5BlockingClient device, String password) {
        var _ = device.connectWith()
                .keepAlive(120)
                .simpleAuth()
                .username("d_1")
                .password(password.getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .send();
    }

    private Mqtt5BlockingClient hiveMq() {
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(CLIENT)
                .serverHost("127.0.0.1")
                .serverPort(port())
                .buildBlocking();
    }

    private MqttAsyncClient paho() throws MqttException {
        return new MqttAsyncClient("tcp://127.0.0.1:" + port(), CLIENT, new MemoryPersistence());
    }

    private static MqttConnectOptions options(int version, String password) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(version);
        options.setUserName("d_1");
        options.setPassword(password.toCharArray());
        options.setKeepAliveInterval(120);
        return options;
    }

    private int port() {
        return room.ports.taken().get("mqtt");
    }

    private void deliver() {
        var _ = room.ask(new DeliverCall(DEVICE, REQUEST, new Command(DEVICE, null, "ON", Map.of())))
                .await();
    }

    private AnswerArrived answer() throws InterruptedException {
        return room.neighbours.answers.poll(10, TimeUnit.SECONDS);
    }

    private record Answering(MqttAsyncClient device) implements MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) throws MqttException {
            device.publish(
                    topic.replace("/commands/", "/commands/response/"),
                    ANSWER.getBytes(StandardCharsets.UTF_8),
                    1,
                    false);
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // the answer is acknowledged
        }
    }
}
