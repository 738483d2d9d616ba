// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.ProductId;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The devices against a bare MQTT server. */
class FleetTest {
    private static final int DEVICES = 10;
    private static final RequestId REQUEST = RequestId.next(1, 2);

    private final Vertx vertx = Vertx.vertx();
    private final DeviceSeries series = new DeviceSeries(new ProductId("p"), DEVICES, new Secret("a-secret"));
    private final DeviceId device = series.device(3);
    private final Map<String, MqttEndpoint> connected = new ConcurrentHashMap<>();
    private final BlockingQueue<String> connects = new LinkedBlockingQueue<>();
    private final BlockingQueue<Published> published = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> acknowledged = new LinkedBlockingQueue<>();
    private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
    private MqttServer server;

    private record Published(String topic, String payload) {}

    @BeforeEach
    void listen() {
        server = MqttServer.create(
                        vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0))
                .endpointHandler(this::connected);
        server.listen().await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void allDevicesConnectInBothVersions() {
        Fleet fleet = open(Behaviour.GOOD);

        assertThat(connected).hasSize(DEVICES);
        assertThat(connected.values()).extracting(MqttEndpoint::protocolVersion).containsOnly(4, 5);
        assertThat(connected.get(device.value()).auth().getUsername()).isEqualTo(device.value());
        assertThat(fleet.read().connected()).isEqualTo(DEVICES);
    }

    @Test
    void anAnswerRepeatsDeviceAndRequest() throws InterruptedException {
        Fleet fleet = open(Behaviour.GOOD);

        int packet = send();

        Published answer = published.poll(10, TimeUnit.SECONDS);
        assertThat(answer.topic()).isEqualTo("$oc/devices/p_000003/sys/commands/response/request_id=" + REQUEST);
        assertThat(new JsonObject(answer.payload()))
                .isEqualTo(new JsonObject("{\"result_code\":0,\"response_name\":\"COMMAND_RESPONSE\",\"paras\":"
                        + "{\"device\":\"p_000003\",\"request\":\"" + REQUEST + "\"}}"));
        assertThat(acknowledged.poll(10, TimeUnit.SECONDS)).isEqualTo(packet);
        assertThat(fleet.read().answers()).isEqualTo(1);
    }

    @Test
    void aSilentDeviceOnlyAcknowledges() throws InterruptedException {
        var _ = open(new Behaviour(0, 1, 0, 0, Delay.parse("none"), Duration.ZERO));

        int packet = send();

        assertThat(acknowledged.poll(10, TimeUnit.SECONDS)).isEqualTo(packet);
        assertThat(published).isEmpty();
    }

    @Test
    void wrongAnswersAreOfAnotherRequestOrUnreadable() throws InterruptedException {
        var _ = open(new Behaviour(0, 0, 1, 0, Delay.parse("none"), Duration.ZERO));
        boolean foreign = false;
        boolean unreadable = false;

        for (int i = 0; i < 40; i++) {
            int _ = send();
            Published answer = published.poll(10, TimeUnit.SECONDS);
            foreign |= !answer.topic().endsWith(REQUEST.toString());
            unreadable |= answer.payload().equals("{\"result_code\":");
        }

        assertThat(foreign).isTrue();
        assertThat(unreadable).isTrue();
    }

    @Test
    void aLostDeviceComesBack() throws InterruptedException {
        Fleet fleet = open(Behaviour.GOOD);
        connects.clear();

        connected.get(device.value()).close();

        assertThat(connects.poll(10, TimeUnit.SECONDS)).isEqualTo(device.value());
        assertThat(fleet.read().lost()).isEqualTo(1);
    }

    @Test
    void aRefusedDeviceTriesAgain() {
        refusedOnce.add(device.value());

        Fleet fleet = open(Behaviour.GOOD);

        assertThat(connected).hasSize(DEVICES);
        assertThat(fleet.read().allRefused()).isEqualTo(1);
    }

    @Test
    void closingDisconnectsAll() {
        Fleet fleet = open(Behaviour.GOOD);

        fleet.close().await();

        assertThat(fleet.read().connected()).isZero();
    }

    private Fleet open(Behaviour behaviour) {
        FleetPlan.Gate gate = new FleetPlan.Gate("127.0.0.1", server.actualPort(), false);
        FleetPlan plan = new FleetPlan(
                gate, List.of("127.0.0.1", "127.0.0.2"), 0.5, 60, -1, 0, 4, 0, Dialect.GATEWAY, behaviour);
        Fleet fleet = Fleet.of(vertx, EventLoops.take(vertx, 2).await(), series, plan, InstantSource.system(), _ -> {});
        fleet.open().await();
        return fleet;
    }

    private int send() {
        return connected
                .get(device.value())
                .publish(
                        Topics.call(device, CallKind.COMMAND, REQUEST),
                        Buffer.buffer("{}"),
                        MqttQoS.AT_LEAST_ONCE,
                        false,
                        false)
                .await();
    }

    private void connected(MqttEndpoint endpoint) {
        String name = endpoint.auth().getUsername();
        if (refusedOnce.remove(name)) {
            endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE);
            return;
        }
        endpoint.publishHandler(
                m -> published.add(new Published(m.topicName(), m.payload().toString())));
        endpoint.publishAcknowledgeHandler(acknowledged::add);
        connected.put(name, endpoint);
        connects.add(name);
        endpoint.accept(false);
    }
}
