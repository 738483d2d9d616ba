// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** An AMQP queue's id, made by the gateway. */
public record QueueId(String value) {
    public static final int MAX_LENGTH = 36;

    public QueueId {
        Text.identifier("queue_id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
