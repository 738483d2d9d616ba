// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.protocol.AdapterRequest.CloseConnection.Why;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;

/** Why the gateway closes a connection, with the reason code of the DISCONNECT that an MQTT 5 device gets before. */
enum Closing {
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    NOT_AUTHORIZED(0x87),
    /** What the device asks for cannot be decided now. */
    SERVER_BUSY(0x89),
    SHUTTING_DOWN(0x8B),
    KEEP_ALIVE_TIMEOUT(0x8D),
    TAKEN_OVER(0x8E),
    TOPIC_NAME_INVALID(0x90),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95),
    /** The device does not read what it is sent; it will not read a DISCONNECT either. */
    CONGESTED(0x97),
    QUOTA_EXCEEDED(0x97),
    ADMINISTRATIVE_ACTION(0x98),
    RETAIN_NOT_SUPPORTED(0x9A),
    QOS_NOT_SUPPORTED(0x9B),
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1);

    private final int code;

    Closing(int code) {
        this.code = code;
    }

    static Closing of(Why why) {
        return switch (why) {
            case TAKEN_OVER -> TAKEN_OVER;
            case FROZEN, DELETED -> NOT_AUTHORIZED;
            case CREDENTIALS_CHANGED, SESSION_LOST -> ADMINISTRATIVE_ACTION;
        };
    }

    /** For a packet that the decoder could not read. */
    static Closing of(MqttMessage broken) {
        Throwable cause = broken.decoderResult().cause();
        if (cause instanceof TooLongFrameException) {
            return PACKET_TOO_LARGE;
        }
        boolean publish = broken.fixedHeader() != null && broken.fixedHeader().messageType() == MqttMessageType.PUBLISH;
        // the decoder has no type of its own for a wildcard in a topic
        boolean badTopic = publish && String.valueOf(cause.getMessage()).startsWith("invalid publish topic name");
        return badTopic ? TOPIC_NAME_INVALID : MALFORMED_PACKET;
    }

    byte code() {
        return (byte) code;
    }
}
