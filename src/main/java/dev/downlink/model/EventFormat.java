// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** How an event is written (northbound §6.3). */
public enum EventFormat {
    /** As the documentation has it since 2022: an envelope with header and body. */
    DOCUMENTED,
    /** Flat, as the subscriptions of 2021 had it. */
    FLAT_2021,
    /** CloudEvents 1.0, all of it in the body. */
    CLOUDEVENTS_STRUCTURED,
    /** CloudEvents 1.0, attributes as headers. */
    CLOUDEVENTS_BINARY
}
