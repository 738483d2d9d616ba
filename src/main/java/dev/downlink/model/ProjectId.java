// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A tenant; everything else belongs to one and is invisible to the others. */
public record ProjectId(String value) {
    public static final int MAX_LENGTH = 64;

    public ProjectId {
        Text.identifier("project_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
