// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdTest {
    @Test
    void partsAreSplitOffFromTheRight() {
        assertThat(ClientId.parse("product_node_0_1_2_0_1_2026112121"))
                .contains(new ClientId(new DeviceId("product_node_0_1_2"), 1, "2026112121"));
    }

    @Test
    void longestDeviceIdIsTaken() {
        String id = "d".repeat(128);

        assertThat(ClientId.parse(id + "_0_0_2026112121")).contains(new ClientId(new DeviceId(id), 0, "2026112121"));
        assertThat(ClientId.parse(id + "d_0_0_2026112121")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d",
                "_0_0_2026112121",
                "d_0_0_",
                "d_0_0_202611212",
                "d_0_0_20261121211",
                "d_0_0_2026-11-21",
                "d_0_3_2026112121",
                "d_3_0_2026112121",
                "d_0_scope_0_2026112121",
                "d_0_scope",
                "d d_0_0_2026112121",
                "d_0_0_2026112121 "
            })
    void anythingElseIsNoClientId(String text) {
        assertThat(ClientId.parse(text)).isEmpty();
    }
}
