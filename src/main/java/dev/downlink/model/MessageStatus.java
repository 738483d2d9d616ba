// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** What an application is told of a message (northbound §2.1). Only PENDING ever changes. */
public enum MessageStatus {
    PENDING,
    DELIVERED,
    FAILED,
    TIMEOUT;

    public boolean isFinal() {
        return this != PENDING;
    }
}
