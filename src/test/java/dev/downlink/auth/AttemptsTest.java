// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Attempts attempts = new Attempts(3, Duration.ofMinutes(1), 2, () -> now);

    @Test
    void unknownKeyIsAllowed() {
        assertThat(attempts.allowed("a")).isTrue();
    }

    @Test
    void oneFailureLessThanTheLimitIsAllowed() {
        fail("a", 2);

        assertThat(attempts.allowed("a")).isTrue();
    }

    @Test
    void limitLocksTheKeyAndNoOther() {
        fail("a", 3);

        assertThat(attempts.allowed("a")).isFalse();
        assertThat(attempts.allowed("b")).isTrue();
    }

    @Test
    void lockLastsOneWindowFromTheLastFailureThatCounted() {
        fail("a", 2);
        now = now.plusSeconds(50);
        fail("a", 1);

        now = now.plusSeconds(59);

        assertThat(attempts.allowed("a")).isFalse();
        now = now.plusSeconds(1);
        assertThat(attempts.allowed("a")).isTrue();
    }

    @Test
    void failuresAreForgottenAfterTheWindow() {
        fail("a", 2);
        now = now.plusSeconds(60);

        fail("a", 2);

        assertThat(attempts.allowed("a")).isTrue();
    }

    @Test
    void successForgetsFailures() {
        fail("a", 3);

        attempts.succeeded("a");

        assertThat(attempts.allowed("a")).isTrue();
    }

    @Test
    void atTheBoundTheKeyThatFailedLongestAgoIsForgotten() {
        fail("a", 3);
        fail("b", 3);

        fail("c", 3);

        assertThat(attempts.allowed("a")).isTrue();
        assertThat(attempts.allowed("b")).isFalse();
        assertThat(attempts.allowed("c")).isFalse();
    }

    private void fail(String key, int times) {
        for (int i = 0; i < times; i++) {
            attempts.failed(key);
        }
    }
}
