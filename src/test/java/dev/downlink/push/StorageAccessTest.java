// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.model.Secret;
import dev.downlink.protocol.Failed;
import dev.downlink.support.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StorageAccessTest {
    private static final Settings.Storage SETTINGS = TestSettings.of(
                    "STORAGE_ENDPOINT", "https://storage.example.com",
                    "STORAGE_ACCESS_KEY", "key",
                    "STORAGE_SECRET_KEY", "secret")
            .storage();

    @Test
    void settingsAreUsedWhenTheActionHasNoEndpoint() {
        StorageAccess access = StorageAccess.of(SETTINGS, channel(null, null, null));

        assertThat(access.host()).isEqualTo("storage.example.com");
        assertThat(access.port()).isEqualTo(443);
        assertThat(access.isTls()).isTrue();
        assertThat(access.signer()).isEqualTo(new SigV4("key", new Secret("secret"), "region1", "s3"));
    }

    @Test
    void regionOfTheSettingsWins() {
        Settings.Storage settings = TestSettings.of(
                        "STORAGE_ENDPOINT", "https://storage.example.com",
                        "STORAGE_ACCESS_KEY", "key",
                        "STORAGE_SECRET_KEY", "secret",
                        "STORAGE_REGION", "region2")
                .storage();

        assertThat(StorageAccess.of(settings, channel(null, null, null))
                        .signer()
                        .region())
                .isEqualTo("region2");
    }

    @Test
    void keysOfTheSettingsAreForTheirEndpointOnly() {
        Channel.Storage channel = channel("https://elsewhere.example.com", null, null);

        assertThatExceptionOfType(Failed.class)
                .isThrownBy(() -> StorageAccess.of(SETTINGS, channel))
                .withMessageContaining("have an access key for it");
    }

    @ParameterizedTest
    @CsvSource({
        "http://Host, 80, Host, /bucket1/a%20b/c%3D1",
        "http://host:9000/, 9000, host:9000, /bucket1/a%20b/c%3D1",
        "https://host:443/base/, 443, host, /base/bucket1/a%20b/c%3D1",
        "http://[::1]:80, 80, [::1], /bucket1/a%20b/c%3D1"
    })
    void endpointIsTakenApart(String endpoint, int port, String authority, String path) {
        StorageAccess access = StorageAccess.of(SETTINGS, channel(endpoint, "key", new Secret("secret")));

        assertThat(access.port()).isEqualTo(port);
        assertThat(access.authority()).isEqualTo(authority);
        assertThat(access.pathOf("a b/c=1")).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "ftp://host", "http://", "http://a b"})
    void endpointHasToBeAUrl(String endpoint) {
        Settings.Storage settings = TestSettings.of(
                        "STORAGE_ENDPOINT", endpoint,
                        "STORAGE_ACCESS_KEY", "key",
                        "STORAGE_SECRET_KEY", "secret")
                .storage();

        assertThatExceptionOfType(Failed.class)
                .isThrownBy(() -> StorageAccess.of(settings, channel(null, null, null)))
                .withMessageContaining("not a URL");
    }

    private static Channel.Storage channel(String endpoint, String accessKey, Secret secret) {
        return new Channel.Storage("region1", "p1", "bucket1", null, null, endpoint, accessKey, secret);
    }
}
