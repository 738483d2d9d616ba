// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

/** What CONNACK says, with the codes of MQTT 3.x. */
enum Connack {
    ACCEPTED(0),
    VERSION(1),
    CLIENT_ID(2),
    UNAVAILABLE(3),
    CREDENTIALS(4),
    NOT_AUTHORIZED(5);

    private final int code;

    Connack(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
