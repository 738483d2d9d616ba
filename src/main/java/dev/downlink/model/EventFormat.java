// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How an event is written (northbound §6.3). */
public enum EventFormat {
    /** As the documentation has it since 2022: an envelope with header and body. */
    DOCUMENTED,
    /** Flat, as the subscriptions of 2021 had it. */
    FLAT_2021,
    /** CloudEvents 1.0, all of it in the body. */
    CLOUDEVENTS_STRUCTURED,
    /** CloudEvents 1.0, attributes as headers. */
    CLOUDEVENTS_BINARY;

    /** @param text as {@link #text} writes it */
    public static EventFormat of(String text) {
        for (EventFormat format : values()) {
            if (format.text().equals(text)) {
                return format;
            }
        }
        throw new InvalidField(
                "format",
                "must be " + Arrays.stream(values()).map(EventFormat::text).collect(Collectors.joining(", ")));
    }

    /** As the API has it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
