// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import org.jspecify.annotations.Nullable;

/** A device's id, unique in the whole gateway; also its MQTT user name. */
public record DeviceId(String value) {
    public static final int MAX_LENGTH = 128;

    public DeviceId {
        Text.identifier("device_id", value, MAX_LENGTH);
    }

    // both as a record has them, but without its method handles: it is the key of every table on a command's way

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeviceId id && id.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
