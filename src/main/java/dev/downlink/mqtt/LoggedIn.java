// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.telemetry.Level;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a connection has once its device is in, and what becomes of the packets that come then. Belongs to that connection. */
final class LoggedIn {
    private static final Logger LOGGER = LoggerFactory.getLogger(LoggedIn.class);

    private final DeviceConnection connection;
    private final Adapter adapter;
    private final Handlers handlers;
    private final Session session;
    private final Outgoing outgoing;
    private final Receipts receipts;
    private final Level counted;
    /** In seconds without a packet; 0 means for ever. */
    private final int patience;

    /** What takes the packets of all connections of an instance. */
    record Handlers(Uplinks uplinks, Subscribing subscribing) {}

    /** @param keepAlive in seconds, 0: none */
    LoggedIn(
            DeviceConnection connection,
            Session session,
            Outgoing outgoing,
            Level counted,
            int keepAlive,
            Adapter adapter,
            Handlers handlers) {
        this.connection = connection;
        this.session = session;
        this.outgoing = outgoing;
        this.counted = counted;
        this.adapter = adapter;
        this.handlers = handlers;
        receipts = new Receipts(connection, session.device(), adapter);
        patience = keepAlive + (keepAlive + 1) / 2;
        counted.up();
    }

    Session session() {
        return session;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    Receipts receipts() {
        return receipts;
    }

    /** In seconds: how long the device may be silent. */
    int patience() {
        return patience == 0 ? Integer.MAX_VALUE : patience;
    }

    void receive(MqttMessage packet) {
        if (packet.decoderResult().isFailure()) {
            connection.misbehaved(Closing.of(packet));
            return;
        }
        MqttMessageType type = packet.fixedHeader().messageType();
        if (type != MqttMessageType.PUBLISH) {
            throttle(packet.fixedHeader().remainingLength());
        }
        switch (type) {
            case PUBLISH -> handlers.uplinks.receive(connection, session, (MqttPublishMessage) packet);
            case PUBACK -> acknowledged((MqttPubReplyMessageVariableHeader) packet.variableHeader());
            case SUBSCRIBE -> handlers.subscribing.subscribe(connection, session, (MqttSubscribeMessage) packet);
            case UNSUBSCRIBE -> handlers.subscribing.unsubscribe(connection, session, (MqttUnsubscribeMessage) packet);
            case PINGREQ -> connection.send(MqttMessage.PINGRESP);
            case DISCONNECT -> goodbye(packet);
            default -> connection.misbehaved(Closing.PROTOCOL_ERROR);
        }
    }

    private void throttle(int size) {
        if (session.allowance().isSpentByOther(adapter.connections().seconds(), size)) {
            LOGGER.debug("{} sends too many packets and is not read until the next second", connection);
            adapter.connections().throttle(connection);
        }
    }

    private void acknowledged(MqttPubReplyMessageVariableHeader header) {
        outgoing.acknowledged(header.messageId(), Byte.toUnsignedInt(header.reasonCode()));
    }

    /** MQTT 5 lets a device say in the end that nothing is to be kept. */
    private void goodbye(MqttMessage packet) {
        if (session.isKept() && Packets.endsSession(packet)) {
            handlers.subscribing.forget(session);
        }
        connection.goodbye();
    }

    /** @param recorded whether the session's end is to be written; a take-over has written it already */
    void leave(boolean recorded) {
        counted.down();
        adapter.connections().leave(session.device(), connection);
        Future<Void> settled = adapter.connections().depart(session.device(), outgoing.end());
        if (recorded) {
            adapter.ended().add(session.device(), session.epoch(), settled);
        }
    }
}
