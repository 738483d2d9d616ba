// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.RequestId;
import dev.downlink.model.Secret;
import dev.downlink.model.Topics;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The device against a bare MQTT server. */
class SimulatedDeviceTest {
    private static final DeviceId DEVICE = new DeviceId("p_n");

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<MqttEndpoint> connections = new LinkedBlockingQueue<>();
    private final BlockingQueue<Publish> published = new LinkedBlockingQueue<>();
    private boolean refusing;
    private MqttServer server;
    private SimulatedDevice device;

    private record Publish(String topic, JsonObject payload) {}

    @BeforeEach
    void listen() {
        server = MqttServer.create(
                        vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0))
                .endpointHandler(this::connected);
        server.listen().await();
        device = new SimulatedDevice(
                vertx,
                new SimulatedDevice.Gate("127.0.0.1", server.actualPort()),
                DEVICE,
                new Secret("a-secret"),
                InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void repeatsInItsAnswerWhatItWasTold() throws InterruptedException {
        RequestId request = RequestId.next(1, 2);
        device.start().await();

        send(Topics.call(DEVICE, CallKind.COMMAND, request), """
            {"service_id":"WaterMeter","command_name":"ON_OFF","paras":{"value":"ON"}}\
            """);

        Publish answer = published.poll(10, TimeUnit.SECONDS);
        assertThat(answer.topic()).isEqualTo("$oc/devices/p_n/sys/commands/response/request_id=" + request);
        assertThat(answer.payload()).isEqualTo(new JsonObject("""
            {"result_code": 0, "response_name": "COMMAND_RESPONSE",
             "paras": {"command_name": "ON_OFF", "received": {"value": "ON"}, "device": "p_n", "answered": 1}}\
            """));
    }

    @Test
    void answersEvenWhatItCannotRead() throws InterruptedException {
        device.start().await();

        send(Topics.call(DEVICE, CallKind.COMMAND, RequestId.next(1, 2)), "[not an object");

        Publish answer = published.poll(10, TimeUnit.SECONDS);
        assertThat(answer.payload().getJsonObject("paras").getInteger("received_bytes"))
                .isEqualTo(14);
    }

    @Test
    void keepsThePropertiesThatItIsSetAndTellsThem() throws InterruptedException {
        device.start().await();
        MqttEndpoint connection = connections.poll(10, TimeUnit.SECONDS);

        Publish first = exchange(connection, CallKind.PROPERTIES_SET, """
            {"services":[{"service_id":"WaterMeter","properties":{"interval":15,"mode":"ON"}},
                         {"service_id":"Battery","properties":{"saver":true}}]}\
            """);
        Publish second = exchange(connection, CallKind.PROPERTIES_SET, """
            {"services":[{"service_id":"WaterMeter","properties":{"mode":"OFF"}}]}\
            """);
        Publish meter = exchange(connection, CallKind.PROPERTIES_GET, "{\"service_id\":\"WaterMeter\"}");
        Publish all = exchange(connection, CallKind.PROPERTIES_GET, "{}");
        Publish unknown = exchange(connection, CallKind.PROPERTIES_GET, "{\"service_id\":\"Nothing\"}");

        JsonObject success = new JsonObject().put("result_code", 0).put("result_desc", "success");
        assertThat(List.of(first.payload(), second.payload())).containsOnly(success);
        assertThat(first.topic()).startsWith("$oc/devices/p_n/sys/properties/set/response/request_id=");
        assertThat(meter.topic()).startsWith("$oc/devices/p_n/sys/properties/get/response/request_id=");
        assertThat(meter.payload()).isEqualTo(new JsonObject("""
            {"services": [{"service_id": "WaterMeter", "properties": {"interval": 15, "mode": "OFF"},
                           "event_time": "20260102T030405Z"}]}\
            """));
        assertThat(all.payload().getJsonArray("services")).hasSize(2);
        assertThat(unknown.payload().getJsonArray("services")).isEmpty();
    }

    @Test
    void refusesPropertiesThatItCannotRead() throws InterruptedException {
        device.start().await();
        MqttEndpoint connection = connections.poll(10, TimeUnit.SECONDS);

        Publish answer = exchange(connection, CallKind.PROPERTIES_SET, "{\"services\":{}}");

        assertThat(answer.payload().getInteger("result_code")).isEqualTo(1);
    }

    private Publish exchange(MqttEndpoint connection, CallKind kind, String payload) throws InterruptedException {
        connection
                .publish(
                        Topics.call(DEVICE, kind, RequestId.next(1, 2)),
                        Buffer.buffer(payload),
                        MqttQoS.AT_LEAST_ONCE,
                        false,
                        false)
                .await();
        return published.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void comesBackWhenItsConnectionIsLost() throws InterruptedException {
        device.start().await();
        MqttEndpoint first = connections.poll(10, TimeUnit.SECONDS);

        first.close();

        assertThat(connections.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void isToldThatItsFirstLoginWasRefused() {
        refusing = true;

        assertThatThrownBy(() -> device.start().await()).hasMessageContaining("REFUSED");
    }

    private void send(String topic, String payload) throws InterruptedException {
        MqttEndpoint connection = connections.poll(10, TimeUnit.SECONDS);
        connection
                .publish(topic, Buffer.buffer(payload), MqttQoS.AT_LEAST_ONCE, false, false)
                .await();
    }

    private void connected(MqttEndpoint endpoint) {
        if (refusing) {
            endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
            return;
        }
        endpoint.publishHandler(
                m -> published.add(new Publish(m.topicName(), m.payload().toJsonObject())));
        endpoint.accept(false);
        connections.add(endpoint);
    }
}
