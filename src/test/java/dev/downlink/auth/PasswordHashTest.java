// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.Secret;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static final Secret PASSWORD = new Secret("Pass word 中");
    private static final Secret HASH = PasswordHash.of(PASSWORD);

    @Test
    void passwordMatchesItsHashAndNoOther() {
        assertThat(PasswordHash.matches(PASSWORD, HASH)).isTrue();
        assertThat(PasswordHash.matches(new Secret("pass word 中"), HASH)).isFalse();
    }

    @Test
    void samePasswordHasAnotherHashEachTime() {
        assertThat(PasswordHash.of(PASSWORD)).isNotEqualTo(HASH);
    }

    /** Computed with Python's hashlib.pbkdf2_hmac. */
    @Test
    void hashIsPbkdf2WithHmacSha256() {
        Secret stored =
                new Secret("pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw$JeuGrMduQwGPGLmo+Qwv7UYtHHmeg9SK49fGkEamC2c");

        assertThat(PasswordHash.matches(new Secret("password"), stored)).isTrue();
    }

    @Test
    void nobodysHashMatchesNothing() {
        assertThat(PasswordHash.matches(new Secret(""), PasswordHash.OF_NOBODY)).isFalse();
    }

    @Test
    void otherFormsAreRefused() {
        assertThatThrownBy(() -> PasswordHash.matches(PASSWORD, new Secret("plain")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
