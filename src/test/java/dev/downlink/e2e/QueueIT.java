// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.Secret;
import dev.downlink.support.Api;
import dev.downlink.support.JmsClient;
import dev.downlink.support.QueueApi;
import dev.downlink.support.QueueApi.Access;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From what happens to a device, over a rule and a queue, to a consumer (northbound §6). */
@Timeout(120)
class QueueIT {
    private static final String SECRET = "a-device-secret";
    private static final String QUEUE = "message-status";

    private final Secret database = TestDatabase.fresh();
    private TestGateway gateway;
    private Api api;
    private Access access;

    @BeforeEach
    void start() {
        gateway = gateway();
        api = gateway.project("project");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
        new QueueApi(api).fill(QUEUE, "device.message.status", "update");
        access = new QueueApi(api).access(false);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void consumerHearsOfEachMessageInOrder() throws Exception {
        for (String device : List.of("one", "two", "three")) {
            api.createDevice("Meter", device, SECRET);
        }

        try (JmsClient client = client()) {
            MessageConsumer consumer = consumer(client);
            send("one", "two", "three");
            JsonObject first = event(consumer);
            List<String> heard = new ArrayList<>(List.of(told(first)));
            try (TestDevice one = connect("one");
                    TestDevice two = connect("two");
                    TestDevice three = connect("three")) {
                for (int i = 0; i < 5; i++) {
                    for (TestDevice device : List.of(one, two, three)) {
                        var _ = device.next();
                    }
                }
                heard.addAll(told(consumer, 3 * 2 * 5 - 1));
            }

            assertThat(first.getString("resource")).isEqualTo("device.message.status");
            assertThat(first.getString("event")).isEqualTo("update");
            assertThat(first.getJsonObject("notify_data")
                            .getJsonObject("header")
                            .getString("product_id"))
                    .isEqualTo("Meter");
            for (String device : List.of("one", "two", "three")) {
                List<String> own = heard.stream()
                        .filter(one -> one.startsWith("Meter_" + device + ' '))
                        .map(one -> one.substring(one.indexOf(' ') + 1))
                        .toList();
                assertThat(own)
                        .containsExactly(
                                "m0 PENDING",
                                "m1 PENDING",
                                "m2 PENDING",
                                "m3 PENDING",
                                "m4 PENDING",
                                "m0 DELIVERED",
                                "m1 DELIVERED",
                                "m2 DELIVERED",
                                "m3 DELIVERED",
                                "m4 DELIVERED");
            }
            await("they are taken out of the table").until(() -> rows() == 0);
        }
    }

    @Test
    void queueKeepsEventsForAConsumerWhoComesLaterThroughARestart() throws Exception {
        api.createDevice("Meter", "one", SECRET);
        send("one");
        gateway.close();
        gateway = gateway();

        try (JmsClient client = client()) {
            assertThat(told(consumer(client), 5))
                    .containsExactly(
                            "Meter_one m0 PENDING",
                            "Meter_one m1 PENDING",
                            "Meter_one m2 PENDING",
                            "Meter_one m3 PENDING",
                            "Meter_one m4 PENDING");
        }
    }

    @Test
    void whatWasNotAcknowledgedComesAgainAfterARestart() throws Exception {
        api.createDevice("Meter", "one", SECRET);
        send("one");
        try (JmsClient client = client()) {
            MessageConsumer consumer = JmsClient.consumer(client.session(Session.CLIENT_ACKNOWLEDGE), QUEUE);
            var _ = JmsClient.next(consumer);
            Message second = JmsClient.next(consumer);
            second.acknowledge();
            var _ = JmsClient.next(consumer);
            await("two are taken out of the table").until(() -> rows() == 3);
            gateway.close();
        }
        gateway = gateway();

        try (JmsClient client = client()) {
            assertThat(told(consumer(client), 3))
                    .containsExactly("Meter_one m2 PENDING", "Meter_one m3 PENDING", "Meter_one m4 PENDING");
        }
    }

    @Test
    void newAccessCodeSendsConsumersAwayWhenItIsAskedTo() throws Exception {
        try (JmsClient client = client()) {
            MessageConsumer consumer = consumer(client);
            Access renewed = new QueueApi(api).access(true);

            assertThatThrownBy(() -> consumer.receive(20_000)).isInstanceOf(JMSException.class);
            assertThatThrownBy(this::client).hasRootCauseMessage("Client failed to authenticate using SASL: PLAIN");
            access = renewed;
            client().close();
        }
    }

    @Test
    void sampleIsSentToAConsumer() throws Exception {
        String action = api.get("/routing-rule/actions")
                .body()
                .getJsonArray("actions")
                .getJsonObject(0)
                .getString("action_id");
        String path = "/routing-rule/actions/" + action + "/test";
        assertThat(api.post(path, new JsonObject()).body().encode()).contains("nobody");

        try (JmsClient client = client()) {
            List<JsonObject> heard = new ArrayList<>();
            consumer(client).setMessageListener(message -> heard.add(json(message)));
            JsonObject answer = api.post(path, new JsonObject()).body();

            assertThat(answer.encode()).doesNotContain("nobody");
            assertThat(heard).hasSize(1);
            assertThat(heard.getFirst().getString("resource")).isEqualTo("device.message.status");
        }
    }

    /** The same one again, should there have been one before. */
    private TestGateway gateway() {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        return TestGateway.on(database, "NODE_NAME", "node", "SECURITY_MASTER_KEY", key);
    }

    private JmsClient client() {
        return JmsClient.of("amqp://127.0.0.1:" + gateway.port("amqp"), access.key(), access.code());
    }

    private static MessageConsumer consumer(JmsClient client) throws JMSException {
        return JmsClient.consumer(client.session(Session.AUTO_ACKNOWLEDGE), QUEUE);
    }

    private TestDevice connect(String device) {
        return TestDevice.connect(gateway.port("mqtt"), "Meter_" + device, SECRET);
    }

    private void send(String... devices) {
        for (int i = 0; i < 5; i++) {
            for (String device : devices) {
                JsonObject message = new JsonObject().put("message_id", "m" + i).put("message", "hello");
                assertThat(api.message("Meter_" + device, message).status()).isEqualTo(201);
            }
        }
    }

    private static List<String> told(MessageConsumer consumer, int count) throws JMSException {
        List<String> told = new ArrayList<>();
        while (told.size() < count) {
            Message message = consumer.receive(20_000);
            assertThat(message).as("after %s", told).isNotNull();
            told.add(told(json(message)));
        }
        return told;
    }

    private static JsonObject event(MessageConsumer consumer) throws JMSException {
        return json(JmsClient.next(consumer));
    }

    private static String told(JsonObject event) {
        JsonObject data = event.getJsonObject("notify_data");
        JsonObject body = data.getJsonObject("body");
        return data.getJsonObject("header").getString("device_id")
                + ' '
                + body.getString("message_id")
                + ' '
                + body.getString("status");
    }

    private static JsonObject json(Message message) {
        try {
            return new JsonObject(message.getBody(String.class));
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private int rows() throws Exception {
        try (var connection = TestDatabase.connect(database);
                var rows = connection.createStatement().executeQuery("SELECT count(*) FROM outbox")) {
            return rows.next() ? rows.getInt(1) : -1;
        }
    }
}
