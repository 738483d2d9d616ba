// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.Message;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.UserProperty;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A PUBLISH with a message, ready to be sent (southbound §2.2). */
final class MessagePacket {
    /** Of a property's id and lengths, in bytes. */
    private static final int PROPERTY_ROOM = 5;

    private static final String JSON = "application/json";

    private final String topic;
    private final byte[] payload;
    private final MqttProperties properties;

    /** @param properties null for MQTT 3 */
    MessagePacket(String topic, byte[] payload, @Nullable MqttProperties properties) {
        this.topic = topic;
        this.payload = payload;
        this.properties = properties == null ? MqttProperties.NO_PROPERTIES : properties;
    }

    /** One copy of a message, as it is to be sent now. */
    static MessagePacket of(Letter letter, String topic, boolean mqtt5) {
        return new MessagePacket(
                topic,
                letter.payload(),
                mqtt5 ? properties(letter.message(), letter.remainingSeconds(System.nanoTime())) : null);
    }

    /** What goes with a message to a device that speaks MQTT 5. */
    static MqttProperties properties(Message message, long remainingSeconds) {
        MqttProperties all = new MqttProperties();
        if (MessageBody.isText(message)) {
            all.add(new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 1));
        }
        all.add(new MqttProperties.IntegerProperty(
                MqttProperties.PUBLICATION_EXPIRY_INTERVAL, Math.clamp(remainingSeconds, 1, Integer.MAX_VALUE)));
        if (MessageBody.isJson(message)) {
            all.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, JSON));
        }
        if (message.properties() != null) {
            add(all, message.properties());
        }
        return all;
    }

    private static void add(MqttProperties all, MessageProperties asked) {
        if (asked.responseTopic() != null) {
            all.add(new MqttProperties.StringProperty(MqttProperties.RESPONSE_TOPIC, asked.responseTopic()));
        }
        if (asked.correlationData() != null) {
            byte[] data = asked.correlationData().getBytes(StandardCharsets.UTF_8);
            all.add(new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, data));
        }
        for (UserProperty property : asked.userProperties()) {
            all.add(new MqttProperties.UserProperty(property.key(), property.value()));
        }
    }

    byte[] payload() {
        return payload;
    }

    /** At most so many bytes it takes on the wire. */
    long size() {
        long size = Packets.HEADER_ROOM + (long) ByteBufUtil.utf8Bytes(topic) + payload.length;
        for (MqttProperties.MqttProperty<?> property : properties.listAll()) {
            size += PROPERTY_ROOM + size(property);
        }
        return size;
    }

    private static int size(MqttProperties.MqttProperty<?> property) {
        return switch (property.value()) {
            case byte[] bytes -> bytes.length;
            case String text -> ByteBufUtil.utf8Bytes(text);
            case MqttProperties.StringPair pair -> ByteBufUtil.utf8Bytes(pair.key) + ByteBufUtil.utf8Bytes(pair.value);
            default -> Integer.BYTES;
        };
    }

    MqttPublishMessage publish(int qos, int packetId, boolean again) {
        return Packets.publish(topic, qos, packetId, again, properties, payload);
    }
}
