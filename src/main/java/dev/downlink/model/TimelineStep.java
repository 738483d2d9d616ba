// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a message on its way.
 *
 * @param detail what else is to know, for example the node's name or the device's reason
 */
public record TimelineStep(
        Instant time, Kind kind, @Nullable String detail) {
    /** In the order in which they usually happen; those from ROUTED to RETURNED may happen again. */
    public enum Kind {
        ACCEPTED,
        STORED,
        /** Handed to the node that has the device's connection. */
        ROUTED,
        /** The device has not subscribed the topic. */
        NOT_SUBSCRIBED,
        PUBLISHED,
        /** PUBACK. */
        ACKNOWLEDGED,
        /** The connection was lost before the device acknowledged it. */
        RETURNED,
        DELIVERED,
        FAILED,
        EXPIRED
    }
}
