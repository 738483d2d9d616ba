// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A resource space inside a project (the contract's "app"). */
public record SpaceId(String value) {
    public static final int MAX_LENGTH = 36;

    public SpaceId {
        Text.identifier("app_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
