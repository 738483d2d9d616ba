// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @Test
    void compactTimeIsReadAsItIsWritten() {
        Instant time = Instant.parse("2028-02-29T23:59:58Z");

        assertThat(Timestamps.parseCompact(Timestamps.compact(time))).hasValue(time);
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
