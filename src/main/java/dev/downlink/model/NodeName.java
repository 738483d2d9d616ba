// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** What the maker calls the device: IMEI, MAC or serial number. */
public record NodeName(String value) {
    public static final int MAX_LENGTH = 64;

    public NodeName {
        Text.identifier("node_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
