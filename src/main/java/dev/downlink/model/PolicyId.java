// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A backlog or flow control policy's id, made by the gateway. */
public record PolicyId(String value) {
    public static final int MAX_LENGTH = 36;

    public PolicyId {
        Text.identifier("policy_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
