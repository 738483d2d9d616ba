// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicePasswordTest {
    private static final Secret SECRET = new Secret("mysecret-123");
    private static final Secret OTHER = new Secret("another-one");
    private static final String HOUR = "2026112121";

    @Test
    void vectorsOfTheContractHold() {
        assertThat(DevicePassword.of(new Secret("12345678"), 0, "2025041401"))
                .isEqualTo("c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a");
        assertThat(DevicePassword.of(SECRET, 0, HOUR))
                .isEqualTo("beb084f1bd32a4eb331c9f995cef645fc5056fa984b8ebf80c47db0812d542c2");
    }

    @Test
    void signType2IsAnotherAlgorithm() {
        assertThat(DevicePassword.of(SECRET, 2, HOUR))
                .isEqualTo("f9cf492f41796e0c20be461210c53c34918468e9b35ee1896a78deaa48385e4d");
    }

    @Test
    void eitherSecretAndEitherCaseAreTaken() {
        String password = DevicePassword.of(SECRET, 0, HOUR);

        assertThat(matches(0, HOUR, password, SECRET, null)).isTrue();
        assertThat(matches(0, HOUR, password, OTHER, SECRET)).isTrue();
        assertThat(matches(0, HOUR, password.toUpperCase(Locale.ROOT), SECRET, OTHER))
                .isTrue();
    }

    @Test
    void wrongPasswordsAreRefused() {
        String password = DevicePassword.of(SECRET, 0, HOUR);

        assertThat(matches(0, HOUR, password, OTHER, null)).isFalse();
        assertThat(matches(0, HOUR, password, null, null)).isFalse();
        assertThat(matches(0, HOUR, password.substring(1), SECRET, null)).isFalse();
        assertThat(matches(0, HOUR, "", SECRET, null)).isFalse();
        assertThat(matches(0, "2026112122", password, SECRET, null)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2026112119, false",
        "1, 2026112120, true",
        "1, 2026112121, true",
        "1, 2026112122, true",
        "1, 2026112123, false",
        "1, 2026992199, false",
        "2, 2026112121, true",
        "2, 2026112119, false",
        "0, 1999010100, true"
    })
    void hourOfSignTypes1And2IsChecked(int signType, String hour, boolean in) {
        assertThat(matches(signType, hour, DevicePassword.of(SECRET, signType, hour), SECRET, null))
                .isEqualTo(in);
    }

    private static boolean matches(int signType, String hour, String password, Secret primary, Secret secondary) {
        return DevicePassword.matches(
                new ClientId(new DeviceId("d"), signType, hour),
                password.getBytes(StandardCharsets.UTF_8),
                primary,
                secondary,
                Instant.parse("2026-11-21T21:30:00Z"),
                Duration.ofHours(1));
    }
}
