// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.config.Settings;
import dev.downlink.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
    @TempDir
    Path directory;

    @Test
    void isMadeOnceForTheOwnerAlone() throws IOException {
        Vault first = MasterKey.vault(settings(null));

        assertThat(MasterKey.vault(settings(null)).fingerprint()).isEqualTo(first.fingerprint());
        assertThat(Files.getPosixFilePermissions(directory.resolve("data/master.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(directory.resolve("data"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void theOneInTheSettingsCounts() {
        byte[] key = new byte[Vault.KEY_BYTES];

        Vault vault = MasterKey.vault(settings(Base64.getEncoder().encodeToString(key)));

        assertThat(vault.fingerprint()).isEqualTo(new Vault(key).fingerprint());
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutBeingRepeated() {
        for (String text : List.of("", "not base64!", "c2hvcnQ=")) {
            assertThatThrownBy(() -> MasterKey.vault(settings(text)))
                    .isInstanceOf(VaultException.class)
                    .hasMessageStartingWith("security.master_key must be 32 bytes in Base64");
        }
    }

    private Settings settings(@Nullable String key) {
        Secret secret = key == null ? null : new Secret(key);
        return new Settings(
                "127.0.0.1",
                directory.resolve("data"),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new Settings.Security(secret, Duration.ofMinutes(15), Duration.ofHours(24), 5),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
