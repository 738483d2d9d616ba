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
import org.awaitility.Awaitility;
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
    /** Packet ids that are not acknowledged. */
    private final Set<Integer> unanswered = ConcurrentHashMap.newKeySet();

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
    void propertiesAreAnsweredInTheirShape() throws InterruptedException {
        var _ = open(Behaviour.GOOD);

        int _ = send(CallKind.PROPERTIES_SET, "{\"services\":[]}");
        Published set = published.poll(10, TimeUnit.SECONDS);
        int _ = send(CallKind.PROPERTIES_GET, "{\"object_device_id\":\"x\",\"service_id\":\"Water\"}");
        Published told = published.poll(10, TimeUnit.SECONDS);

        assertThat(set.topic()).isEqualTo("$oc/devices/p_000003/sys/properties/set/response/request_id=" + REQUEST);
        assertThat(new JsonObject(set.payload()))
                .isEqualTo(
                        JsonObject.of("result_code", 0, "result_desc", "request " + REQUEST + " of device p_000003"));
        assertThat(told.topic()).isEqualTo("$oc/devices/p_000003/sys/properties/get/response/request_id=" + REQUEST);
        assertThat(new JsonObject(told.payload()))
                .isEqualTo(new JsonObject("{\"services\":[{\"service_id\":\"Water\",\"properties\":"
                        + "{\"device\":\"p_000003\",\"request\":\"" + REQUEST + "\"},\"event_time\":null}]}"));
    }

    @Test
    void aReportEndsWithItsAcknowledgement() throws InterruptedException {
        Fleet fleet = open(Behaviour.GOOD);
        BlockingQueue<Boolean> ends = new LinkedBlockingQueue<>();

        fleet.report(3, ends::add);

        assertThat(ends.poll(10, TimeUnit.SECONDS)).isTrue();
        Published report = published.poll(10, TimeUnit.SECONDS);
        assertThat(report.topic()).isEqualTo("$oc/devices/p_000003/sys/properties/report");
        assertThat(new JsonObject(report.payload()).getJsonArray("services").getJsonObject(0))
                .isEqualTo(new JsonObject("{\"service_id\":\"Bench\",\"properties\":"
                        + "{\"counter\":1,\"temperature\":0.1,\"state\":\"ON\"},\"event_time\":null}"));
        assertThat(fleet.read().reports()).isEqualTo(1);
    }

    @Test
    void aReportThatIsPassedOverIsLost() throws InterruptedException {
        Fleet fleet = open(Behaviour.GOOD);
        BlockingQueue<Boolean> ends = new LinkedBlockingQueue<>();
        unanswered.add(1);

        fleet.report(3, ends::add);
        fleet.report(3, ends::add);

        assertThat(ends.poll(10, TimeUnit.SECONDS)).isFalse();
        assertThat(ends.poll(10, TimeUnit.SECONDS)).isTrue();
        assertThat(fleet.read().unheard()).isEqualTo(1);
    }

    @Test
    void aReportIsLostWithItsConnection() throws InterruptedException {
        Fleet fleet = open(Behaviour.GOOD);
        BlockingQueue<Boolean> ends = new LinkedBlockingQueue<>();
        unanswered.add(1);
        fleet.report(3, ends::add);
        var _ = published.poll(10, TimeUnit.SECONDS);

        connected.get(device.value()).close();

        assertThat(ends.poll(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void devicesReportByThemselves() {
        Fleet fleet = open(Behaviour.GOOD, 1);

        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                published.stream().map(Published::topic).distinct())
                        .hasSize(DEVICES)
                        .allMatch(topic -> topic.endsWith("/sys/properties/report")));
        assertThat(fleet.read().unheard()).isZero();
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
        return open(behaviour, 0);
    }

    private Fleet open(Behaviour behaviour, int reportEvery) {
        FleetPlan.Gate gate = new FleetPlan.Gate("127.0.0.1", server.actualPort(), false);
        FleetPlan plan = new FleetPlan(
                gate, List.of("127.0.0.1", "127.0.0.2"), 0.5, 60, -1, 0, 4, 0, reportEvery, Dialect.GATEWAY, behaviour);
        Fleet fleet = Fleet.of(vertx, EventLoops.take(vertx, 2).await(), series, plan, InstantSource.system(), _ -> {});
        fleet.open().await();
        return fleet;
    }

    private int send() {
        return send(CallKind.COMMAND, "{}");
    }

    private int send(CallKind kind, String payload) {
        return connected
                .get(device.value())
                .publish(
                        Topics.call(device, kind, REQUEST), Buffer.buffer(payload), MqttQoS.AT_LEAST_ONCE, false, false)
                .await();
    }

    private void connected(MqttEndpoint endpoint) {
        String name = endpoint.auth().getUsername();
        if (refusedOnce.remove(name)) {
            endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE);
            return;
        }
        endpoint.publishHandler(m -> {
            published.add(new Published(m.topicName(), m.payload().toString()));
            if (m.qosLevel() == MqttQoS.AT_LEAST_ONCE && !unanswered.remove(m.messageId())) {
                endpoint.publishAcknowledge(m.messageId());
            }
        });
        endpoint.publishAcknowledgeHandler(acknowledged::add);
        connected.put(name, endpoint);
        connects.add(name);
        endpoint.accept(false);
    }
}
