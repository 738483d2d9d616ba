// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Secret;
import dev.downlink.support.Signer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2025-04-14T12:00:00Z");

    /** The signer of the tests is written after the contract by somebody else. */
    @Test
    void signsAsTheContractSays() {
        Authority key = new Authority.Key("AK", new Secret("SK"), "127.0.0.1:8080", InstantSource.fixed(NOW));
        String path = "/v5/iot/p1/devices/d_1/commands";
        String body = "{\"paras\":{}}";

        Map<String, String> headers = key.headers("POST", path, body.getBytes(StandardCharsets.UTF_8));

        Map<String, String> expected =
                new Signer("AK", "SK").plain("POST", URI.create("http://127.0.0.1:8080" + path), body, NOW, Map.of());
        assertThat(headers.get("Authorization")).isEqualTo(expected.get("Authorization"));
        assertThat(headers.get("X-Sdk-Date")).isEqualTo("20250414T120000Z");
    }

    @Test
    void aTokenGoesIntoItsHeader() {
        assertThat(new Authority.Token(new Secret("t")).headers("POST", "/", new byte[0]))
                .isEqualTo(Map.of("X-Auth-Token", "t"));
    }
}
