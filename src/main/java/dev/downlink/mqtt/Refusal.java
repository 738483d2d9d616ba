// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

/** Why a CONNECT is refused; the device learns no more than CONNACK's code of it (southbound §1.5). */
enum Refusal {
    VERSION(Connack.VERSION, 0x84),
    CLIENT_ID(Connack.CLIENT_ID, 0x85),
    KEEP_ALIVE(Connack.CLIENT_ID, 0x82),
    UNAVAILABLE(Connack.UNAVAILABLE, 0x88),
    /** A later connection of the device was faster. */
    OVERTAKEN(Connack.UNAVAILABLE, 0x88),
    NODE_FULL(Connack.UNAVAILABLE, 0x97),
    TOO_MANY_FAILURES(Connack.UNAVAILABLE, 0x9F),
    UNKNOWN_DEVICE(Connack.CREDENTIALS, 0x86),
    WRONG_SECRET(Connack.CREDENTIALS, 0x86),
    WRONG_CERTIFICATE(Connack.CREDENTIALS, 0x86),
    CREDENTIALS_CHANGED(Connack.CREDENTIALS, 0x86),
    FROZEN(Connack.NOT_AUTHORIZED, 0x87),
    DELETED(Connack.NOT_AUTHORIZED, 0x87),
    /** A sub-device, which its gateway speaks for. */
    SUB_DEVICE(Connack.NOT_AUTHORIZED, 0x87),
    TLS_REQUIRED(Connack.NOT_AUTHORIZED, 0x87),
    /** Enhanced authentication of MQTT 5 is not offered. */
    AUTHENTICATION_METHOD(Connack.NOT_AUTHORIZED, 0x8C);

    private final Connack connack;
    private final int mqtt5;

    Refusal(Connack connack, int mqtt5) {
        this.connack = connack;
        this.mqtt5 = mqtt5;
    }

    Connack connack() {
        return connack;
    }

    byte code(boolean isMqtt5) {
        return (byte) (isMqtt5 ? mqtt5 : connack.code());
    }
}
