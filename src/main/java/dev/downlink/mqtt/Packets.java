// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.config.Settings;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageBuilders.ConnAckPropertiesBuilder;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.util.List;

/** The packets that the gateway sends. What only MQTT 5 has is left out by the encoder for a 3.x device. */
final class Packets {
    /** PUBLISH packets that a device may send before the first is acknowledged. */
    static final int UPLINK_WINDOW = 100;

    static final int HEADER_ROOM = 16;

    private Packets() {}

    static MqttConnAckMessage refused(byte code) {
        return MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.valueOf(code))
                .build();
    }

    /** @param keepAlive what the gateway will go by, in seconds */
    static MqttConnAckMessage accepted(Connect connect, boolean sessionPresent, int keepAlive, Settings.Mqtt settings) {
        return MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                .sessionPresent(sessionPresent)
                .properties((ConnAckPropertiesBuilder p) -> describe(p, connect, keepAlive, settings))
                .build();
    }

    private static void describe(
            ConnAckPropertiesBuilder properties, Connect connect, int keepAlive, Settings.Mqtt settings) {
        properties
                .receiveMaximum(UPLINK_WINDOW)
                .maximumQos((byte) 1)
                .retainAvailable(false)
                .maximumPacketSize(settings.maxPacket())
                .topicAliasMaximum(0)
                .subscriptionIdentifiersAvailable(false)
                .sharedSubscriptionAvailable(false);
        if (keepAlive != connect.keepAlive()) {
            properties.serverKeepAlive(keepAlive);
        }
        if (connect.keepSeconds() != connect.askedKeepSeconds()) {
            properties.sessionExpiryInterval(connect.keepSeconds());
        }
    }

    static MqttMessage pubAck(int packetId, int reason) {
        return MqttMessageBuilders.pubAck()
                .packetId(packetId)
                .reasonCode((byte) reason)
                .build();
    }

    static MqttSubAckMessage subAck(int packetId, List<Integer> codes) {
        int[] reasons = codes.stream().mapToInt(Integer::intValue).toArray();
        return new MqttSubAckMessage(header(MqttMessageType.SUBACK), id(packetId), new MqttSubAckPayload(reasons));
    }

    static MqttUnsubAckMessage unsubAck(int packetId, List<Short> codes) {
        return new MqttUnsubAckMessage(header(MqttMessageType.UNSUBACK), id(packetId), new MqttUnsubAckPayload(codes));
    }

    static MqttMessage disconnect(Closing why) {
        return MqttMessageBuilders.disconnect().reasonCode(why.code()).build();
    }

    /** @param packetId ignored with QoS 0 */
    static MqttPublishMessage publish(String topic, int qos, int packetId, byte[] payload) {
        MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.valueOf(qos), false, 0);
        return new MqttPublishMessage(
                header, new MqttPublishVariableHeader(topic, packetId), Unpooled.wrappedBuffer(payload));
    }

    /** @param again whether this is not the first time that the packet id is sent with it */
    static MqttPublishMessage publish(
            String topic, int qos, int packetId, boolean again, MqttProperties properties, byte[] payload) {
        MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.PUBLISH, again, MqttQoS.valueOf(qos), false, 0);
        return new MqttPublishMessage(
                header, new MqttPublishVariableHeader(topic, packetId, properties), Unpooled.wrappedBuffer(payload));
    }

    /** Whether a DISCONNECT says that the session ends with the connection. */
    static boolean endsSession(MqttMessage disconnect) {
        return disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                && header.properties().getProperty(MqttProperties.SESSION_EXPIRY_INTERVAL) != null
                && Integer.valueOf(0)
                        .equals(header.properties()
                                .getProperty(MqttProperties.SESSION_EXPIRY_INTERVAL)
                                .value());
    }

    /** At most so many bytes a PUBLISH takes on the wire. */
    static long publishSize(String topic, byte[] payload) {
        return HEADER_ROOM + 3L * topic.length() + payload.length;
    }

    private static MqttFixedHeader header(MqttMessageType type) {
        return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0);
    }

    private static MqttMessageIdAndPropertiesVariableHeader id(int packetId) {
        return new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES);
    }
}
