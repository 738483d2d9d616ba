// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The packets that load is made with, written as bytes: a client that makes load must cost less than the server it measures.
 * CONNECT goes through the codec, which learns the protocol version from it.
 */
public final class MqttBytes {
    private static final int PINGREQ = 0xC000;
    private static final int DISCONNECT = 0xE000;
    private static final int PUBACK = 0x4002;
    private static final int PUBLISH = 0x30;
    private static final int SUBSCRIBE = 0x82;

    private MqttBytes() {}

    public static MqttConnectMessage connect(
            String clientId, @Nullable DeviceLogin login, int keepAlive, boolean mqtt5) {
        MqttMessageBuilders.ConnectBuilder builder = MqttMessageBuilders.connect()
                .clientId(clientId)
                .protocolVersion(mqtt5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
                .cleanSession(true)
                .keepAlive(keepAlive);
        if (login != null) {
            builder.username(login.userName()).password(login.password().bytes());
        }
        return builder.build();
    }

    public static ByteBuf ping(ByteBufAllocator allocator) {
        return allocator.buffer(2, 2).writeShort(PINGREQ);
    }

    static ByteBuf disconnect(ByteBufAllocator allocator) {
        return allocator.buffer(2, 2).writeShort(DISCONNECT);
    }

    public static ByteBuf subscribe(ByteBufAllocator allocator, String filter, int qos, boolean mqtt5) {
        byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
        int length = 2 + (mqtt5 ? 1 : 0) + 2 + bytes.length + 1;
        ByteBuf out = allocator.buffer(length + 5).writeByte(SUBSCRIBE);
        writeLength(out, length);
        out.writeShort(1);
        if (mqtt5) {
            out.writeByte(0);
        }
        return out.writeShort(bytes.length).writeBytes(bytes).writeByte(qos);
    }

    /** @param packetId of a PUBLISH with QoS 1 */
    public static void pubAck(ByteBuf out, int packetId) {
        out.writeShort(PUBACK).writeShort(packetId);
    }

    /** @param packetId ignored with QoS 0 */
    public static void publish(ByteBuf out, String topic, int qos, int packetId, byte[] payload, boolean mqtt5) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        int length = 2 + name.length + (qos > 0 ? 2 : 0) + (mqtt5 ? 1 : 0) + payload.length;
        out.writeByte(PUBLISH | qos << 1);
        writeLength(out, length);
        out.writeShort(name.length).writeBytes(name);
        if (qos > 0) {
            out.writeShort(packetId);
        }
        if (mqtt5) {
            out.writeByte(0);
        }
        out.writeBytes(payload);
    }

    private static void writeLength(ByteBuf out, int length) {
        int rest = length;
        do {
            int digit = rest & 0x7F;
            rest >>>= 7;
            out.writeByte(rest == 0 ? digit : digit | 0x80);
        } while (rest > 0);
    }
}
