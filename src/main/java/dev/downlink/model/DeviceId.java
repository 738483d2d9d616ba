// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A device's id, unique in the whole gateway; also its MQTT user name. */
public record DeviceId(String value) {
    public static final int MAX_LENGTH = 128;

    public DeviceId {
        Text.identifier("device_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
