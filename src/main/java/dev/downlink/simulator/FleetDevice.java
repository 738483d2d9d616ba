// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Topics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One device of a {@link Fleet}, kept small because there are many. Its answer repeats its own id and the request id, so that
 * the caller can see an answer that is not his. Belongs to the event loop of its shard.
 */
final class FleetDevice {
    private static final int MAX_PACKET = 1 << 20;
    private static final long AWAY_MILLIS = 100;
    private static final String FOREIGN_REQUEST = "00000000-0000-4000-8000-000000000000";
    private static final byte[] GIBBERISH = "{\"result_code\":".getBytes(StandardCharsets.UTF_8);

    private final FleetShard shard;
    private final DeviceId device;
    private final boolean mqtt5;
    private final String messages;
    private final Unheard unheard;

    private @Nullable NetSocketInternal socket;
    private @Nullable Promise<Void> leaving;
    private State state = State.AWAY;
    private boolean wasHere;
    private long connectStarted;

    private enum State {
        AWAY,
        CONNECTING,
        HERE,
        DROPPING
    }

    FleetDevice(FleetShard shard, DeviceId device, boolean mqtt5) {
        this.shard = shard;
        this.device = device;
        this.mqtt5 = mqtt5;
        messages = Topics.messagesDown(device);
        unheard = new Unheard(shard.all().counts());
    }

    // ---- connection

    void connect() {
        state = State.CONNECTING;
        connectStarted = System.nanoTime();
        FleetPlan.Gate gate = shard.all().plan().gate();
        var _ = shard.client().connect(gate.port(), gate.host()).onComplete(this::login, e -> {
            state = State.AWAY;
            shard.refused(this, e.getClass().getSimpleName());
        });
    }

    private void login(NetSocket connected) {
        NetSocketInternal fresh = (NetSocketInternal) connected;
        ChannelPipeline pipeline = fresh.channelHandlerContext().pipeline();
        pipeline.addBefore("handler", "mqttEncoder", MqttEncoder.INSTANCE);
        pipeline.addBefore("handler", "mqttDecoder", new MqttDecoder(MAX_PACKET));
        fresh.messageHandler(this::receive);
        fresh.closeHandler(_ -> closed());
        socket = fresh;
        FleetPlan plan = shard.all().plan();
        if (plan.dialect() == Dialect.BROKER) {
            write(MqttBytes.connect(device.value(), null, plan.keepAlive(), mqtt5));
            return;
        }
        DeviceLogin login = DeviceLogin.at(
                shard.all().clock().instant(), device, shard.all().series().secret());
        write(MqttBytes.connect(login.clientId(), login, plan.keepAlive(), mqtt5));
    }

    private void accepted() {
        state = State.HERE;
        boolean first = !wasHere;
        wasHere = true;
        FleetPlan plan = shard.all().plan();
        if (plan.subscribeQos() >= 0) {
            String filter = plan.dialect().filter(device);
            write(MqttBytes.subscribe(open().channelHandlerContext().alloc(), filter, plan.subscribeQos(), mqtt5));
        }
        shard.connected(this, first, System.nanoTime() - connectStarted);
    }

    private void refused(String reason) {
        state = State.AWAY;
        var _ = open().close();
        shard.refused(this, reason);
    }

    private void closed() {
        State before = state;
        state = State.AWAY;
        socket = null;
        unheard.forget();
        switch (before) {
            case CONNECTING -> shard.refused(this, "closed");
            case HERE -> shard.lost(this, shard.isClosed());
            case DROPPING -> shard.lost(this, true);
            case AWAY -> {}
        }
        if (leaving != null) {
            leaving.complete();
            leaving = null;
        }
    }

    void ping() {
        if (state == State.HERE) {
            write(MqttBytes.ping(open().channelHandlerContext().alloc()));
        }
    }

    /** As when the network fails: without DISCONNECT. */
    void drop() {
        if (state == State.HERE) {
            state = State.DROPPING;
            var _ = open().close();
        }
    }

    /** Completes when the connection is closed. */
    Future<Void> leave() {
        NetSocketInternal present = socket;
        if (present == null) {
            return Future.succeededFuture();
        }
        Promise<Void> gone = Promise.promise();
        leaving = gone;
        if (state == State.HERE) {
            write(MqttBytes.disconnect(present.channelHandlerContext().alloc()));
        }
        var _ = present.close();
        return gone.future();
    }

    // ---- reports

    /** Reports its properties with QoS 1. Of a device that is away nobody hears anything, which takes its time. */
    void report(Heard heard) {
        if (state != State.HERE) {
            long _ = shard.vertx().setTimer(AWAY_MILLIS, _ -> heard.ended(false));
            return;
        }
        int packetId = unheard.add(shard.seconds(), heard);
        ByteBuf out = open().channelHandlerContext().alloc().buffer(256);
        byte[] payload = SimulatedReport.payload(packetId);
        MqttBytes.publish(out, Topics.propertiesReport(device), 1, packetId, payload, mqtt5);
        write(out);
    }

    void expireReports(int now) {
        unheard.expire(now);
    }

    // ---- messages and commands

    private void receive(Object message) {
        try {
            switch (message) {
                case MqttPublishMessage publish -> published(publish);
                case MqttMessage other
                when other.fixedHeader().messageType() == MqttMessageType.PUBACK ->
                    unheard.acknowledged(((MqttMessageIdVariableHeader) other.variableHeader()).messageId());
                case MqttConnAckMessage answer ->
                    connAck(answer.variableHeader().connectReturnCode());
                default -> {}
            }
        } finally {
            boolean _ = ReferenceCountUtil.release(message);
        }
    }

    private void connAck(MqttConnectReturnCode code) {
        if (code == MqttConnectReturnCode.CONNECTION_ACCEPTED) {
            accepted();
        } else {
            refused(code.name());
        }
    }

    private void published(MqttPublishMessage publish) {
        if (publish.variableHeader().topicName().equals(messages)) {
            message(publish);
        } else {
            command(publish);
        }
    }

    private void message(MqttPublishMessage publish) {
        shard.all().inbox().received(device, publish.payload().toString(StandardCharsets.UTF_8));
        if (publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            acknowledge(publish.variableHeader().packetId());
        }
    }

    private void acknowledge(int packetId) {
        ByteBuf out = open().channelHandlerContext().alloc().buffer(4);
        MqttBytes.pubAck(out, packetId);
        write(out);
    }

    private void command(MqttPublishMessage publish) {
        String topic = publish.variableHeader().topicName();
        boolean acknowledge = publish.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE;
        int packetId = acknowledge ? publish.variableHeader().packetId() : 0;
        CallKind kind = Topics.kind(device, topic).orElse(CallKind.COMMAND);
        String asked = kind == CallKind.PROPERTIES_GET ? publish.payload().toString(StandardCharsets.UTF_8) : "";
        shard.all().counts().commands.increment();
        Behaviour behaviour = shard.all().plan().behaviour();
        Behaviour.Reaction reaction = behaviour.next(shard.random());
        long delay = behaviour.delayMillis(reaction, shard.random());
        if (delay == 0 && reaction != Behaviour.Reaction.STAY_SILENT) {
            answer(packetId, topic, reaction, new CallAnswer(device, kind, asked));
            return;
        }
        if (acknowledge) {
            acknowledge(packetId);
        }
        if (reaction != Behaviour.Reaction.STAY_SILENT) {
            long _ =
                    shard.vertx().setTimer(delay, _ -> answer(0, topic, reaction, new CallAnswer(device, kind, asked)));
        }
    }

    /** Acknowledgement and answer in one write. A device that went away meanwhile says nothing. */
    private void answer(int packetId, String callTopic, Behaviour.Reaction reaction, CallAnswer answer) {
        String topic =
                shard.all().plan().dialect().answerTopic(device, callTopic).orElse(null);
        if (topic == null || state != State.HERE) {
            return;
        }
        String request = shard.all().plan().dialect().request(callTopic);
        boolean foreign = reaction == Behaviour.Reaction.ANSWER_ANOTHER_REQUEST;
        byte[] payload = switch (reaction) {
            case ANSWER_GIBBERISH -> GIBBERISH;
            case ANSWER_WITH_ERROR -> answer.payload(1, request);
            default -> answer.payload(0, request);
        };
        ByteBuf out = open().channelHandlerContext().alloc().buffer(256);
        if (packetId != 0) {
            MqttBytes.pubAck(out, packetId);
        }
        MqttBytes.publish(out, foreign ? topic.replace(request, FOREIGN_REQUEST) : topic, 0, 0, payload, mqtt5);
        write(out);
        shard.all().counts().answers.increment();
    }

    private void write(Object message) {
        var _ = open().writeMessage(message);
    }

    private NetSocketInternal open() {
        NetSocketInternal present = socket;
        if (present == null) {
            throw new IllegalStateException("there is no connection; this is a bug");
        }
        return present;
    }
}
