// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.auth.DevicePassword;
import dev.downlink.model.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** MQTT packets as bytes, also wrong ones. */
final class Packet {
    static final byte[] PING = hex("c000");
    static final byte[] DISCONNECT = hex("e000");
    static final String HOUR = "2026112121";

    private Packet() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    static Connect connect(String device) {
        return new Connect(device);
    }

    static byte[] subscribe(int id, String filter, int qos) {
        return packet(0x82, new Out().u16(id).text(filter).u8(qos));
    }

    static byte[] subscribe5(int id, String filter, int qos) {
        return packet(0x82, new Out().u16(id).u8(0).text(filter).u8(qos));
    }

    static byte[] unsubscribe(int id, String filter) {
        return packet(0xa2, new Out().u16(id).text(filter));
    }

    static byte[] unsubscribe5(int id, String filter) {
        return packet(0xa2, new Out().u16(id).u8(0).text(filter));
    }

    static byte[] publish(int flags, int id, String topic, byte[] payload) {
        Out out = new Out().text(topic);
        return packet(0x30 | flags, ((flags & 6) == 0 ? out : out.u16(id)).raw(payload));
    }

    static byte[] publish5(int flags, int id, String topic, byte[] payload) {
        Out out = new Out().text(topic);
        return packet(0x30 | flags, ((flags & 6) == 0 ? out : out.u16(id)).u8(0).raw(payload));
    }

    static byte[] publish(int id, String topic, String payload) {
        return publish(2, id, topic, payload.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] pubAck(int id) {
        return packet(0x40, new Out().u16(id));
    }

    static byte[] packet(int type, Out rest) {
        byte[] bytes = rest.bytes();
        Out out = new Out().u8(type);
        int length = bytes.length;
        do {
            int digit = length & 127;
            length >>>= 7;
            out.u8(length > 0 ? digit | 128 : digit);
        } while (length > 0);
        return out.raw(bytes).bytes();
    }

    /** A CONNECT that would be accepted, to be spoilt by the test. */
    static final class Connect {
        private int level = 4;
        private String protocol = "MQTT";
        private String clientId;
        private String user;
        private byte[] password;
        private int keepAlive = 120;
        private int flags = 2;
        private byte[] properties = new byte[0];

        private Connect(String device) {
            user = device;
            clientId = device + "_0_0_" + HOUR;
            secret(Neighbours.SECRET);
        }

        @CanIgnoreReturnValue
        Connect mqtt31() {
            level = 3;
            protocol = "MQIsdp";
            return this;
        }

        @CanIgnoreReturnValue
        Connect mqtt5() {
            level = 5;
            return this;
        }

        @CanIgnoreReturnValue
        Connect version(int mqtt) {
            return mqtt == 5 ? mqtt5() : mqtt == 3 ? mqtt31() : this;
        }

        @CanIgnoreReturnValue
        Connect level(int raw) {
            level = raw;
            return this;
        }

        @CanIgnoreReturnValue
        Connect clientId(String id) {
            clientId = id;
            return this;
        }

        @CanIgnoreReturnValue
        Connect user(String name) {
            user = name;
            return this;
        }

        @CanIgnoreReturnValue
        Connect secret(Secret secret) {
            return password(DevicePassword.of(secret, 0, HOUR));
        }

        @CanIgnoreReturnValue
        Connect sign(int type, String hour) {
            clientId = user + "_0_" + type + "_" + hour;
            return password(DevicePassword.of(Neighbours.SECRET, type, hour));
        }

        @CanIgnoreReturnValue
        Connect password(String text) {
            password = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        @CanIgnoreReturnValue
        Connect keepAlive(int seconds) {
            keepAlive = seconds;
            return this;
        }

        @CanIgnoreReturnValue
        Connect keepSession() {
            flags &= ~2;
            return this;
        }

        @CanIgnoreReturnValue
        Connect properties(String hex) {
            properties = Packet.hex(hex);
            return this;
        }

        byte[] bytes() {
            int all = flags | (user == null ? 0 : 0x80) | (password == null ? 0 : 0x40);
            Out out = new Out().text(protocol).u8(level).u8(all).u16(keepAlive);
            if (level == 5) {
                out.u8(properties.length).raw(properties);
            }
            out.text(clientId);
            if (user != null) {
                out.text(user);
            }
            if (password != null) {
                out.u16(password.length).raw(password);
            }
            return packet(0x10, out);
        }
    }

    static final class Out {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @CanIgnoreReturnValue
        Out u8(int value) {
            bytes.write(value);
            return this;
        }

        @CanIgnoreReturnValue
        Out u16(int value) {
            return u8(value >> 8).u8(value);
        }

        @CanIgnoreReturnValue
        Out text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return u16(utf8.length).raw(utf8);
        }

        @CanIgnoreReturnValue
        Out raw(byte[] raw) {
            bytes.writeBytes(raw);
            return this;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
