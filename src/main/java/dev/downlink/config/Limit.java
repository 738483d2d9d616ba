// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a number, a size or a duration is written, and between which bounds it makes sense.
 *
 * @param shape what is expected, in words
 * @param parse text to plain number, bytes or milliseconds; empty when it is not written so
 */
record Limit(String shape, String min, String max, Function<String, Optional<Long>> parse) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(KiB|MiB|GiB)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Map<String, Long> BYTES = Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    static Limit count(long min, long max) {
        return new Limit("a whole number", String.valueOf(min), String.valueOf(max), Limit::wholeNumber);
    }

    static Limit bytes(String min, String max) {
        return new Limit(
                "a size in bytes, such as 65536, 64KiB or 1MiB,", min, max, text -> withUnit(SIZE, BYTES, text));
    }

    static Limit time(String min, String max) {
        return new Limit("a duration such as 500ms, 20s, 15m or 24h,", min, max, text -> withUnit(TIME, MILLIS, text));
    }

    /** The value, if it is well written and within the bounds. */
    Optional<Long> read(String text) {
        return parse.apply(text).filter(v -> v >= bound(min) && v <= bound(max));
    }

    /** What a message says was expected. */
    String expected() {
        return "must be " + shape + " from " + min + " to " + max;
    }

    /** As in the file, in the largest unit that fits. */
    static String format(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"h", "m", "s"}) {
            long size = MILLIS.getOrDefault(unit, 1L);
            if (millis >= size && millis % size == 0) {
                return millis / size + unit;
            }
        }
        return millis + "ms";
    }

    private long bound(String text) {
        return parse.apply(text).orElseThrow();
    }

    private static Optional<Long> wholeNumber(String text) {
        return text.matches("\\d{1,12}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Optional<Long> withUnit(Pattern pattern, Map<String, Long> units, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches()
                ? Optional.of(Math.multiplyExact(
                        Long.parseLong(matcher.group(1)), units.getOrDefault(String.valueOf(matcher.group(2)), 1L)))
                : Optional.empty();
    }
}
