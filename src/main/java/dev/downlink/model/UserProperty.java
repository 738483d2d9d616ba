// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** A user property of MQTT 5 (northbound §2.1). */
public record UserProperty(String key, String value) {
    public UserProperty {
        Text.identifier("prop_key", key, 128);
        Text.phrase("prop_value", value, 128);
    }
}
