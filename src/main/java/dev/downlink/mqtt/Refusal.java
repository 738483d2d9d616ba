// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

/** Why a CONNECT is refused, with the codes of CONNACK for MQTT 3.x and 5 (southbound §1.5). */
enum Refusal {
    VERSION(0x01, 0x84),
    CLIENT_ID(0x02, 0x85),
    KEEP_ALIVE(0x02, 0x82),
    UNAVAILABLE(0x03, 0x88),
    NODE_FULL(0x03, 0x97),
    TOO_MANY_FAILURES(0x03, 0x9F),
    CREDENTIALS(0x04, 0x86),
    NOT_AUTHORIZED(0x05, 0x87),
    /** Enhanced authentication of MQTT 5 is not offered. */
    AUTHENTICATION_METHOD(0x05, 0x8C);

    private final int mqtt3;
    private final int mqtt5;

    Refusal(int mqtt3, int mqtt5) {
        this.mqtt3 = mqtt3;
        this.mqtt5 = mqtt5;
    }

    byte code(boolean isMqtt5) {
        return (byte) (isMqtt5 ? mqtt5 : mqtt3);
    }
}
