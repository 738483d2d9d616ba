// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.ProjectId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final Tokens tokens = new Tokens(KEY, () -> now);
    private final Tokens.Claims claims =
            new Tokens.Claims("domain", "user", new ProjectId("p1"), now, now.plus(Duration.ofHours(24)));

    @Test
    void tokenCarriesItsClaims() {
        assertThat(tokens.check(tokens.issue(claims))).isEqualTo(claims);
    }

    @Test
    void tokenWithoutProjectCarriesItsClaims() {
        Tokens.Claims wide = new Tokens.Claims("domain", "user", null, claims.passwordSince(), claims.expires());

        assertThat(tokens.check(tokens.issue(wide))).isEqualTo(wide);
    }

    @Test
    void tokenEndsWithItsLastMoment() {
        String token = tokens.issue(claims);
        now = claims.expires().minusMillis(1);
        assertThat(tokens.check(token)).isEqualTo(claims);

        now = claims.expires();

        assertThatThrownBy(() -> tokens.check(token))
                .isInstanceOf(NotAuthentic.class)
                .hasMessage("the token has expired");
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String token = tokens.issue(claims);

        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, i) + other + token.substring(i + 1);
            assertThatThrownBy(() -> tokens.check(forged)).isInstanceOf(NotAuthentic.class);
        }
    }

    @Test
    void tokenOfAnotherKeyIsRefused() {
        byte[] other = KEY.clone();
        other[0]++;

        String token = new Tokens(other, () -> now).issue(claims);

        assertThatThrownBy(() -> tokens.check(token)).isInstanceOf(NotAuthentic.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "abc", "a.b", "a.b.c"})
    void garbageIsRefused(String token) {
        assertThatThrownBy(() -> tokens.check(token)).isInstanceOf(NotAuthentic.class);
    }

    @Test
    void tokenSaysNothingSecret() {
        String payload = tokens.issue(claims).split("\\.")[0];

        String text = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);

        assertThat(text).isEqualTo("1.domain.user.p1.1767323045000.1767409445000");
    }
}
