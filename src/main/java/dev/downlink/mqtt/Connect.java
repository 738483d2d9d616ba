// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.auth.ClientId;
import dev.downlink.config.Settings;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.Optional;

/** What a CONNECT packet asks for, in the terms of this gateway. The will is not read: it is accepted and ignored. */
record Connect(MqttConnectMessage packet) {
    /** The longest that subscriptions are kept for a device that is away. */
    static final int MAX_KEEP_SECONDS = 24 * 60 * 60;

    private static final int NO_LIMIT = 65_535;

    boolean isMqtt5() {
        return packet.variableHeader().version() == MqttVersion.MQTT_5.protocolLevel();
    }

    boolean isMqtt31() {
        return packet.variableHeader().version() == MqttVersion.MQTT_3_1.protocolLevel();
    }

    /** Empty when it is malformed or does not fit the user name. */
    Optional<ClientId> client() {
        return ClientId.parse(packet.payload().clientIdentifier())
                .filter(id -> id.device().value().equals(packet.payload().userName()));
    }

    Optional<byte[]> password() {
        return Optional.ofNullable(packet.payload().passwordInBytes()).filter(p -> p.length > 0);
    }

    /** In seconds. */
    int keepAlive() {
        return packet.variableHeader().keepAliveTimeSeconds();
    }

    /** What the gateway will go by: MQTT 5 lets it say what it takes instead of refusing (southbound §1.5). */
    int keepAlive(Settings.Mqtt settings) {
        if (settings.anyKeepAlive()) {
            return keepAlive();
        }
        int whenNone = keepAlive() == 0 ? 120 : keepAlive();
        return Math.clamp(whenNone, settings.keepAliveMin(), settings.keepAliveMax());
    }

    boolean cleanStart() {
        return packet.variableHeader().isCleanSession();
    }

    boolean hasAuthenticationMethod() {
        return packet.variableHeader().properties().getProperty(MqttProperties.AUTHENTICATION_METHOD) != null;
    }

    /**
     * How long subscriptions outlive the connection: MQTT 5 says it, up to a bound; MQTT 3.x means "for ever" without clean
     * session and gets the bound.
     */
    int keepSeconds() {
        if (!isMqtt5()) {
            return cleanStart() ? 0 : MAX_KEEP_SECONDS;
        }
        return (int) Math.min(MAX_KEEP_SECONDS, askedKeepSeconds());
    }

    /** The session expiry interval as the device wrote it. */
    long askedKeepSeconds() {
        return Integer.toUnsignedLong(number(MqttProperties.SESSION_EXPIRY_INTERVAL, 0));
    }

    /** QoS 1 messages that the device takes without having acknowledged them. */
    int receiveMaximum() {
        return number(MqttProperties.RECEIVE_MAXIMUM, NO_LIMIT);
    }

    /** Largest packet that the device takes, in bytes. */
    long maxPacket() {
        return Integer.toUnsignedLong(number(MqttProperties.MAXIMUM_PACKET_SIZE, -1));
    }

    /** Receive Maximum and Maximum Packet Size must not be 0. */
    boolean breaksProtocol() {
        return receiveMaximum() == 0 || maxPacket() == 0;
    }

    private int number(int property, int otherwise) {
        MqttProperty<?> found = packet.variableHeader().properties().getProperty(property);
        return found != null && found.value() instanceof Integer value ? value : otherwise;
    }
}
