// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.Optional;

/** What a rule may ask for (northbound §6.1). */
public enum Resource {
    DEVICE_PROPERTY("device.property"),
    DEVICE_MESSAGE("device.message"),
    DEVICE_EVENT("device.event"),
    DEVICE_STATUS("device.status"),
    MESSAGE_STATUS("device.message.status");

    private final String text;

    Resource(String text) {
        this.text = text;
    }

    public static Optional<Resource> of(String text) {
        for (Resource resource : values()) {
            if (resource.text.equals(text)) {
                return Optional.of(resource);
            }
        }
        return Optional.empty();
    }

    /** As the contract writes it. */
    public String text() {
        return text;
    }
}
