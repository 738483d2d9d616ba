// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.Secret;
import org.junit.jupiter.api.Test;

class VaultTest {
    private final Vault vault = vault(1);

    @Test
    void opensWhatItSealed() {
        Secret secret = new Secret("Schlüssel 密");

        String sealed = vault.seal(secret);

        assertThat(vault.open(sealed)).isEqualTo(secret);
        assertThat(sealed).startsWith("v1." + vault.fingerprint() + '.').doesNotContain("Schl");
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() {
        Secret secret = new Secret("secret");

        assertThat(vault.seal(secret)).isNotEqualTo(vault.seal(secret));
    }

    @Test
    void anotherKeyOpensNothing() {
        String sealed = vault.seal(new Secret("secret"));
        Vault other = vault(2);

        assertThatThrownBy(() -> other.open(sealed))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining(vault.fingerprint())
                .hasMessageContaining(other.fingerprint());
    }

    @Test
    void aChangedLetterIsNoticed() {
        String sealed = vault.seal(new Secret("secret"));
        int at = sealed.length() - 10;
        String forged = sealed.substring(0, at) + (sealed.charAt(at) == 'A' ? 'B' : 'A') + sealed.substring(at + 1);

        assertThatThrownBy(() -> vault.open(forged)).isInstanceOf(VaultException.class);
    }

    @Test
    void textThatIsNoSealIsRefused() {
        for (String text : new String[] {"", "plain", "v1." + vault.fingerprint() + ".AAAA", "v2.a.b", "v1.%%.%%"}) {
            assertThatThrownBy(() -> vault.open(text)).as(text).isInstanceOf(VaultException.class);
        }
    }

    @Test
    void derivedKeysDifferByPurposeAndByMasterKeyOnly() {
        byte[] tokens = vault.derive("tokens");

        assertThat(tokens).hasSize(32).isEqualTo(vault(1).derive("tokens"));
        assertThat(tokens).isNotEqualTo(vault.derive("others")).isNotEqualTo(vault(2).derive("tokens"));
    }

    @Test
    void aKeyOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> new Vault(new byte[16]))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("32 bytes");
    }

    private static Vault vault(int seed) {
        byte[] key = new byte[Vault.KEY_BYTES];
        key[0] = (byte) seed;
        return new Vault(key);
    }
}
