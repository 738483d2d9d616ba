// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.DeviceSeries;
import dev.downlink.simulator.MqttBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One MQTT connection that many callers share to make calls over a plain broker: a call is published on {@code
 * devices/{id}/req/{connection}/{number}} and its answer comes on {@code devices/{id}/res/{connection}/{number}}. Belongs to
 * one event loop.
 */
final class BrokerConnection {
    private static final byte[] CALL =
            "{\"command_name\":\"SET\",\"paras\":{\"value\":\"ON\"}}".getBytes(StandardCharsets.UTF_8);
    private static final int MAX_PACKET = 1 << 20;
    private static final int MAX_PACKET_ID = 0xFFFF;
    private static final long TIMEOUT_SECONDS = 20;
    private static final long PAUSE_MILLIS = 50;

    private final Vertx vertx;
    /** Kept as long as the connection: Vert.x closes the sockets of a client that nobody refers to any more. */
    private final NetClient client;

    private final DeviceSeries series;
    private final int qos;
    private final String name = UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, Call> calls = new HashMap<>();
    private final Promise<Void> ready = Promise.promise();

    private @Nullable NetSocketInternal socket;
    private long sweeper;
    private long seconds;
    private int number;

    private record Call(String device, Line.Ending ending, long since) {}

    /** @param qos of the calls */
    BrokerConnection(Vertx vertx, NetClient client, DeviceSeries series, int qos) {
        this.vertx = vertx;
        this.client = client;
        this.series = series;
        this.qos = qos;
    }

    Future<Void> open(String host, int port) {
        return client.connect(port, host).compose(this::login);
    }

    private Future<Void> login(NetSocket connected) {
        NetSocketInternal fresh = (NetSocketInternal) connected;
        ChannelPipeline pipeline = fresh.channelHandlerContext().pipeline();
        pipeline.addBefore("handler", "mqttEncoder", MqttEncoder.INSTANCE);
        pipeline.addBefore("handler", "mqttDecoder", new MqttDecoder(MAX_PACKET));
        fresh.messageHandler(this::receive);
        fresh.closeHandler(_ -> lost());
        socket = fresh;
        sweeper = vertx.setPeriodic(1000, _ -> sweep());
        var _ = fresh.writeMessage(MqttBytes.connect("caller-" + name, null, 0, false));
        return ready.future();
    }

    void call(int device, Line.Ending ending) {
        NetSocketInternal present = socket;
        if (present == null) {
            // not at once, or the caller would try again and again without end
            long _ = vertx.setTimer(PAUSE_MILLIS, _ -> ending.ended("connection lost"));
            return;
        }
        number++;
        String request = name + '/' + number;
        String id = series.device(device).value();
        calls.put(request, new Call(id, ending, seconds));
        ByteBuf out = present.channelHandlerContext().alloc().buffer(256);
        int packetId = number % MAX_PACKET_ID + 1;
        MqttBytes.publish(out, "devices/" + id + "/req/" + request, qos, packetId, CALL, false);
        var _ = present.writeMessage(out);
    }

    private void receive(Object message) {
        try {
            switch (message) {
                case MqttPublishMessage answer -> answered(answer);
                case MqttConnAckMessage ack -> connected(ack.variableHeader().connectReturnCode());
                case MqttSubAckMessage _ -> {
                    boolean _ = ready.tryComplete();
                }
                default -> {}
            }
        } finally {
            boolean _ = ReferenceCountUtil.release(message);
        }
    }

    private void connected(MqttConnectReturnCode code) {
        NetSocketInternal present = socket;
        if (code != MqttConnectReturnCode.CONNECTION_ACCEPTED || present == null) {
            boolean _ = ready.tryFail("the broker refuses callers: " + code);
            return;
        }
        String filter = "devices/+/res/" + name + "/+";
        var _ = present.writeMessage(
                MqttBytes.subscribe(present.channelHandlerContext().alloc(), filter, 0, false));
    }

    private void answered(MqttPublishMessage answer) {
        String topic = answer.variableHeader().topicName();
        int at = topic.indexOf("/res/");
        Call call = at < 0 ? null : calls.remove(topic.substring(at + "/res/".length()));
        if (call != null) {
            String body = answer.payload().toString(StandardCharsets.UTF_8);
            boolean good = topic.startsWith("devices/" + call.device + '/') && body.contains("\"result_code\":0");
            call.ending.ended(good ? Line.OK : "device error");
        }
    }

    private void sweep() {
        seconds++;
        List<Map.Entry<String, Call>> late = calls.entrySet().stream()
                .filter(e -> e.getValue().since < seconds - TIMEOUT_SECONDS)
                .toList();
        late.forEach(e -> {
            calls.remove(e.getKey());
            e.getValue().ending.ended("timeout");
        });
    }

    private void lost() {
        socket = null;
        boolean _ = ready.tryFail("the broker closed the connection");
        List<Call> open = List.copyOf(calls.values());
        calls.clear();
        open.forEach(call -> call.ending.ended("connection lost"));
    }

    Future<Void> close() {
        boolean _ = vertx.cancelTimer(sweeper);
        NetSocketInternal present = socket;
        return present == null ? Future.succeededFuture() : present.close();
    }
}
