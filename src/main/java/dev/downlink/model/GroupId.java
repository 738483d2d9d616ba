// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A device group's id, made by the gateway. */
public record GroupId(String value) {
    public static final int MAX_LENGTH = 36;

    public GroupId {
        Text.identifier("group_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
