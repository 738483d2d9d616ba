// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The two time formats of the contract, both UTC (northbound §0.3). */
public final class Timestamps {
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** What stands between the digits. */
    private static final String MILLIS_SIGNS = "0000-00-00T00:00:00.000Z";

    private Timestamps() {}

    /** {@code 20151212T121212Z} */
    public static String compact(Instant time) {
        return COMPACT.format(time);
    }

    /** {@code 2015-12-12T12:12:12.121Z} */
    public static String millis(Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        if (utc.getYear() < 1 || utc.getYear() > 9999) {
            return MILLIS.format(time);
        }
        // by hand: the formatter takes longer than all else that is written of an event
        char[] text = MILLIS_SIGNS.toCharArray();
        write(text, 0, 4, utc.getYear());
        write(text, 5, 2, utc.getMonthValue());
        write(text, 8, 2, utc.getDayOfMonth());
        write(text, 11, 2, utc.getHour());
        write(text, 14, 2, utc.getMinute());
        write(text, 17, 2, utc.getSecond());
        write(text, 20, 3, utc.getNano() / 1_000_000);
        return String.valueOf(text);
    }

    private static void write(char[] text, int at, int digits, int number) {
        int rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Reads either format; empty when the text is anything else. */
    public static Optional<Instant> parse(String text) {
        return text.length() == 16 ? parseCompact(text) : parseMillis(text);
    }

    /** Reads the compact format; empty when the text is anything else. */
    public static Optional<Instant> parseCompact(String text) {
        if (text.length() != 16 || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return Optional.empty();
        }
        try {
            return Optional.of(instant(
                    number(text, 0, 4),
                    number(text, 4, 6),
                    number(text, 6, 8),
                    number(text, 9, 11),
                    number(text, 11, 13),
                    number(text, 13, 15),
                    0));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> parseMillis(String text) {
        if (text.length() != MILLIS_SIGNS.length() || !hasSigns(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(instant(
                    number(text, 0, 4),
                    number(text, 5, 7),
                    number(text, 8, 10),
                    number(text, 11, 13),
                    number(text, 14, 16),
                    number(text, 17, 19),
                    number(text, 20, 23)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean hasSigns(String text) {
        for (int i = 0; i < text.length(); i++) {
            char sign = MILLIS_SIGNS.charAt(i);
            if (sign != '0' && sign != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** There is no year 0 in the formats. */
    private static Instant instant(int year, int month, int day, int hour, int minute, int second, int millis) {
        if (year == 0) {
            throw new DateTimeException("no year 0");
        }
        return LocalDateTime.of(year, month, day, hour, minute, second, millis * 1_000_000)
                .toInstant(ZoneOffset.UTC);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("not a digit");
            }
            number = 10 * number + digit;
        }
        return number;
    }
}
