// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.Optional;

/** What a rule may ask for: a resource and what happens to it (northbound §6.1). */
public enum Subject {
    DEVICE_PROPERTY("device.property", "report"),
    DEVICE_MESSAGE("device.message", "report"),
    DEVICE_EVENT("device.event", "report"),
    DEVICE_STATUS("device.status", "update"),
    MESSAGE_STATUS("device.message.status", "update"),
    COMMAND_STATUS("device.command.status", "update"),
    BATCH_TASK("batchtask", "update"),
    DEVICE_CREATED("device", "create"),
    DEVICE_UPDATED("device", "update"),
    DEVICE_DELETED("device", "delete"),
    PRODUCT_CREATED("product", "create"),
    PRODUCT_UPDATED("product", "update"),
    PRODUCT_DELETED("product", "delete");

    private final String resource;
    private final String event;
    private final String text;

    Subject(String resource, String event) {
        this.resource = resource;
        this.event = event;
        text = resource + ':' + event;
    }

    /** @param text as {@link #text} writes it */
    public static Optional<Subject> of(String text) {
        for (Subject subject : values()) {
            if (subject.text.equals(text)) {
                return Optional.of(subject);
            }
        }
        return Optional.empty();
    }

    /** As the contract writes it. */
    public String resource() {
        return resource;
    }

    /** As the contract writes it. */
    public String event() {
        return event;
    }

    /** Resource and event with a colon between them. */
    public String text() {
        return text;
    }
}
