// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Secret;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeviceLoginTest {
    /** The vectors of southbound §1.2. */
    @Test
    void thePasswordIsTheOneOfTheContract() {
        DeviceLogin login =
                DeviceLogin.at(Instant.parse("2025-04-14T01:59:59Z"), new DeviceId("p_n"), new Secret("12345678"));

        assertThat(login.clientId()).isEqualTo("p_n_0_1_2025041401");
        assertThat(login.userName()).isEqualTo("p_n");
        assertThat(login.password())
                .isEqualTo(new Secret("c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a"));
    }
}
