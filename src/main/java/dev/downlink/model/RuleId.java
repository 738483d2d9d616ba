// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A routing rule's id, made by the gateway. */
public record RuleId(String value) {
    public static final int MAX_LENGTH = 36;

    public RuleId {
        Text.identifier("rule_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
