// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpStatusTest {
    private static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void acceptsTheEvent(int status) {
        assertThat(HttpStatus.fate(status, null, NOW)).isEqualTo(Fate.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 415, 422})
    void refusesTheEvent(int status) {
        assertThat(HttpStatus.fate(status, null, NOW)).isEqualTo(new Fate.Refused("answered " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 405, 407, 408, 410, 421, 429, 500, 502, 503, 504})
    void maySayOtherwiseLater(int status) {
        assertThat(HttpStatus.fate(status, null, NOW)).isEqualTo(new Fate.Failed("answered " + status));
    }

    @ParameterizedTest
    @CsvSource({
        "429, 30, PT30S",
        "503, 'Wed, 01 Jan 2025 00:01:00 GMT', PT1M",
        "503, 'Tue, 31 Dec 2024 00:01:00 GMT', PT0S",
        "503, soon, PT0S",
        "500, 30, PT0S"
    })
    void asksToBeLeftAlone(int status, String retryAfter, Duration wait) {
        assertThat(HttpStatus.fate(status, retryAfter, NOW)).isEqualTo(new Fate.Failed("answered " + status, wait));
    }

    @Test
    void redirectIsNotFollowed() {
        assertThat(HttpStatus.fate(307, null, NOW))
                .isEqualTo(new Fate.Failed("answered 307: redirects are not followed"));
    }
}
