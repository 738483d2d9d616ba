// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The two time formats of the contract, both UTC (northbound §0.3). */
public final class Timestamps {
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /** {@code 20151212T121212Z} */
    public static String compact(Instant time) {
        return COMPACT.format(time);
    }

    /** {@code 2015-12-12T12:12:12.121Z} */
    public static String millis(Instant time) {
        return MILLIS.format(time);
    }

    /** Reads the compact format; empty when the text is anything else. */
    public static Optional<Instant> parseCompact(String text) {
        try {
            return Optional.of(Instant.from(COMPACT.parse(text)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
