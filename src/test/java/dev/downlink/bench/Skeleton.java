// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bench;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.RequestId;
import dev.downlink.model.Topics;
import dev.downlink.model.Uplink;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * The yardstick: HTTP, event bus, vertx-mqtt, device and back, and nothing else. No login, no checks, no limits, no database,
 * no metrics. What the gateway costs more than this is the price of what it does. Arguments: HTTP port, MQTT port, QoS.
 */
public final class Skeleton {
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private Skeleton() {}

    public static void main(String[] arguments) {
        int http = Integer.parseInt(arguments[0]);
        int mqtt = Integer.parseInt(arguments[1]);
        MqttQoS qos = MqttQoS.valueOf(Integer.parseInt(arguments[2]));
        int loops = Runtime.getRuntime().availableProcessors();
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops))
                .build();
        DeploymentOptions one = new DeploymentOptions().setInstances(loops);
        vertx.deployVerticle(() -> new Devices(mqtt, qos), one)
                .compose(_ -> vertx.deployVerticle(() -> new Applications(http), one))
                .await();
        System.out.println("ready");
    }

    /** Holds the connections: each device listens on a bus address of its own. */
    private static final class Devices extends VerticleBase {
        private final int port;
        private final MqttQoS qos;
        private final Map<String, Message<Buffer>> waiting = new HashMap<>();

        Devices(int port, MqttQoS qos) {
            this.port = port;
            this.qos = qos;
        }

        @Override
        public Future<?> start() {
            MqttServerOptions options =
                    new MqttServerOptions().setHost("127.0.0.1").setPort(port);
            return MqttServer.create(vertx, options)
                    .endpointHandler(this::connected)
                    .listen();
        }

        private void connected(MqttEndpoint endpoint) {
            DeviceId device = new DeviceId(endpoint.auth().getUsername());
            var consumer = vertx.eventBus().<Buffer>localConsumer(device.value(), call -> send(endpoint, device, call));
            endpoint.closeHandler(_ -> consumer.unregister());
            endpoint.publishHandler(message -> answered(device, message));
            endpoint.subscribeHandler(ask -> endpoint.subscribeAcknowledge(
                    ask.messageId(),
                    ask.topicSubscriptions().stream()
                            .map(s -> s.qualityOfService())
                            .toList()));
            endpoint.accept(false);
        }

        private void send(MqttEndpoint endpoint, DeviceId device, Message<Buffer> call) {
            RequestId request = RequestId.next(0, 0);
            waiting.put(request.toString(), call);
            endpoint.publish(Topics.call(device, CallKind.COMMAND, request), call.body(), qos, false, false);
        }

        private void answered(DeviceId device, MqttPublishMessage message) {
            if (Topics.uplink(device, message.topicName()) instanceof Uplink.Answer answer) {
                Message<Buffer> call = waiting.remove(answer.requestId());
                if (call != null) {
                    call.reply(Buffer.buffer("{\"command_id\":\"" + answer.requestId() + "\",\"response\":")
                            .appendBuffer(message.payload())
                            .appendString("}"));
                }
            }
        }
    }

    /** Takes {@code POST /v5/iot/{project}/devices/{device}/commands}, whatever else it says. */
    private static final class Applications extends VerticleBase {
        private final int port;

        Applications(int port) {
            this.port = port;
        }

        @Override
        public Future<?> start() {
            Handler<HttpServerRequest> handler = request -> request.body().onSuccess(body -> forward(request, body));
            return vertx.createHttpServer().requestHandler(handler).listen(port, "127.0.0.1");
        }

        private void forward(HttpServerRequest request, Buffer body) {
            String device = request.path().split("/")[5];
            vertx.eventBus()
                    .<Buffer>request(device, body, LOCAL)
                    .onComplete(
                            answer -> request.response()
                                    .putHeader("Content-Type", "application/json")
                                    .end(answer.body()),
                            e -> request.response().setStatusCode(504).end());
        }
    }
}
