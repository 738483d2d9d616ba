// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import dev.downlink.support.Api;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An answer completes only the call it belongs to, whatever devices do (southbound §5). */
class CallIT {
    private static final String SECRET = "a-device-secret";
    private static final String OK = "{\"result_code\":0,\"paras\":{\"水\":1.10}}";

    private static TestGateway gateway;
    private static Api api;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start("COMMANDS_TIMEOUT", "2s");
        api = gateway.project("project");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    @Test
    void answerIsPassedOnAsItCame() {
        try (TestDevice device = device("as_it_came")) {
            CompletableFuture<Api.Answer> call = api.command("Meter_as_it_came");
            String id = device.nextCommand();
            device.answer(id, OK);

            assertThat(call.join().body())
                    .isEqualTo(new JsonObject().put("command_id", id).put("response", new JsonObject(OK)));
        }
    }

    @Test
    void answerOverATakenOverConnectionCounts() {
        try (TestDevice before = device("moves")) {
            CompletableFuture<Api.Answer> call = api.command("Meter_moves");
            String id = before.nextCommand();
            try (TestDevice after = TestDevice.connect(gateway.port("mqtt"), "Meter_moves", SECRET)) {
                Awaitility.await().until(() -> !before.isConnected());

                after.answer(id, OK);

                assertThat(call.join().body().getString("command_id")).isEqualTo(id);
            }
        }
    }

    @Test
    void answerOfAnotherDeviceIsNoAnswer() {
        try (TestDevice device = device("asked");
                TestDevice other = device("other")) {
            CompletableFuture<Api.Answer> call = api.command("Meter_asked");
            String id = device.nextCommand();

            other.answer(id, OK);
            assertThatThrownBy(
                            () -> other.publish("$oc/devices/Meter_asked/sys/commands/response/request_id=" + id, OK))
                    .isInstanceOfSatisfying(
                            Mqtt5PubAckException.class,
                            e -> assertThat(e.getMqttMessage().getReasonCode())
                                    .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED));

            assertThat(call.join().error()).isEqualTo("IOTDA.014111");
        }
    }

    @Test
    void lateAndDoubleAnswersLeaveTheNextCallAlone() {
        try (TestDevice device = device("late")) {
            CompletableFuture<Api.Answer> first = api.command("Meter_late");
            String firstId = device.nextCommand();
            assertThat(first.join().error()).isEqualTo("IOTDA.014111");
            CompletableFuture<Api.Answer> second = api.command("Meter_late");
            String secondId = device.nextCommand();
            device.answer(firstId, "{\"result_code\":1}");
            device.answer(firstId, "{\"result_code\":1}");

            device.answer(secondId, OK);

            assertThat(second.join().body().getJsonObject("response")).isEqualTo(new JsonObject(OK));
        }
    }

    @Test
    void timeOutSaysHowFarTheCallCame() {
        try (TestDevice device = device("silent")) {
            CompletableFuture<Api.Answer> call = api.command("Meter_silent");
            assertThat(device.nextCommand()).isNotEmpty();

            Api.Answer answer = call.join();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().getString("error_msg")).contains("acknowledged it (PUBACK)");
        }
    }

    @Test
    void commandForASubDeviceGoesThroughItsGateway() {
        try (TestDevice device = device("gateway")) {
            JsonObject child = new JsonObject()
                    .put("product_id", "Meter")
                    .put("node_id", "child")
                    .put("gateway_id", "Meter_gateway");
            assertThat(api.post("/devices", child).status()).isEqualTo(201);
            assertThat(device.next().getTopic()).hasToString("$oc/devices/Meter_gateway/sys/events/down");

            CompletableFuture<Api.Answer> call = api.command("Meter_child");
            var publish = device.next();
            String topic = publish.getTopic().toString();
            device.answer(topic.substring(topic.indexOf('=') + 1), OK);

            assertThat(call.join().status()).isEqualTo(200);
            assertThat(topic).startsWith("$oc/devices/Meter_gateway/sys/commands/request_id=");
            assertThat(new JsonObject(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8))
                            .getString("object_device_id"))
                    .isEqualTo("Meter_child");
        }
    }

    @Test
    void everyWayADeviceCannotBeReachedHasItsReason() {
        try (TestDevice device = device("reasons")) {
            assertThat(api.createDevice("Meter", "never", SECRET).status()).isEqualTo(201);
            JsonObject child = new JsonObject()
                    .put("product_id", "Meter")
                    .put("node_id", "lost")
                    .put("gateway_id", "Meter_never");
            assertThat(api.post("/devices", child).status()).isEqualTo(201);

            assertThat(reason("Meter_nothing")).isEqualTo("device_not_found");
            assertThat(reason("Meter_never")).isEqualTo("device_never_connected");
            assertThat(reason("Meter_lost")).isEqualTo("gateway_offline");
            assertThat(api.call("POST", "/devices/Meter_reasons/freeze", "").status())
                    .isEqualTo(204);
            Awaitility.await().until(() -> !device.isConnected());
            assertThat(reason("Meter_reasons")).isEqualTo("device_frozen");
            assertThat(api.call("POST", "/devices/Meter_reasons/unfreeze", "").status())
                    .isEqualTo(204);
            Awaitility.await().until(() -> reason("Meter_reasons").equals("device_offline"));
        }
    }

    private static String reason(String device) {
        return api.command(device).join().reason();
    }

    private static TestDevice device(String node) {
        assertThat(api.createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return TestDevice.connect(gateway.port("mqtt"), "Meter_" + node, SECRET);
    }
}
