// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A rule action's id, made by the gateway. */
public record ActionId(String value) {
    public static final int MAX_LENGTH = 36;

    public ActionId {
        Text.identifier("action_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
