// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @Test
    void compactTimeIsReadAsItIsWritten() {
        Instant time = Instant.parse("2028-02-29T23:59:58Z");

        assertThat(Timestamps.parseCompact(Timestamps.compact(time))).hasValue(time);
    }

    /** A year of the formats has four digits and there is none before the first. */
    static Stream<Instant> times() {
        long first = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
        long last = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
        Random random = new Random(7);
        return Stream.concat(
                Stream.of(first, last, 0L, -1L, 951_782_399_999L).map(Instant::ofEpochMilli),
                random.longs(1000, first, last).mapToObj(Instant::ofEpochMilli));
    }

    @Test
    void everyTimeIsReadAsItIsWritten() {
        assertThat(times()).allSatisfy(time -> {
            Instant second = time.truncatedTo(ChronoUnit.SECONDS);
            assertThat(Timestamps.parse(Timestamps.millis(time))).hasValue(time);
            assertThat(Timestamps.parse(Timestamps.compact(time))).hasValue(second);
            assertThat(Timestamps.millis(time)).isEqualTo(usual(time));
            assertThat(Timestamps.compact(time)).isEqualTo(usual(second).replaceAll("[-:]|\\.000", ""));
        });
    }

    /** As ISO 8601 writes it, which the JDK knows by itself. */
    private static String usual(Instant time) {
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME
                        .format(time.atOffset(ZoneOffset.UTC).plusNanos(1))
                        .substring(0, 23)
                + 'Z';
    }

    /** One sign is taken away, doubled or changed for one that does not belong there. */
    @Test
    void whatIsNearlyATimeIsNone() {
        Random random = new Random(8);
        assertThat(times()).allSatisfy(time -> {
            for (String text : List.of(Timestamps.millis(time), Timestamps.compact(time))) {
                int at = random.nextInt(text.length());
                String before = text.substring(0, at);
                String after = text.substring(at + 1);
                assertThat(Timestamps.parse(before + after)).isEmpty();
                assertThat(Timestamps.parse(before + text.charAt(at) + text.charAt(at) + after))
                        .isEmpty();
                for (char wrong : " x+/٣".toCharArray()) {
                    assertThat(Timestamps.parse(before + wrong + after)).isEmpty();
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01T12:00:00Z",
                "2026-01-01T12:00:00.00Z",
                "2026-01-01T12:00:00.0000Z",
                "2026-01-01 12:00:00.000Z",
                "2026-01-01T12:00:00,000Z",
                "2026-01-01T12:00:00.000z",
                "2026-13-01T12:00:00.000Z",
                "2026-02-29T12:00:00.000Z",
                "2026-01-01T24:00:00.000Z",
                "2026-01-01T23:59:60.000Z",
                "0000-01-01T12:00:00.000Z",
                "00000101T120000Z",
                "null",
                "1767225600000"
            })
    void whatIsNoTimeOfAReportIsNone(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "20260101T120000",
                "20260101T120000Z ",
                "20260101 120000Z",
                "2026010IT120000Z",
                "+0260101T120000Z",
                "20261301T120000Z",
                "20260230T120000Z",
                "20260101T240000Z",
                "20260101T126000Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThat(Timestamps.parseCompact(text)).isEmpty();
    }
}
