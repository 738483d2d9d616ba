// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.UUID;

/** Names a message among those of its device (northbound §2.1). */
public record MessageId(String value) {
    public static final int MAX_LENGTH = 128;

    public MessageId {
        Text.identifier("message_id", value, MAX_LENGTH);
    }

    /** One that the gateway makes. */
    public static MessageId random() {
        return new MessageId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
