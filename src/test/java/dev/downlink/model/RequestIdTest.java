// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "-1, 4095", "2147483647, 1", "-2147483648, 77"})
    void idNamesItsCorrelator(int node, int instance) {
        RequestId id =
                RequestId.parse(RequestId.next(node, instance).toString()).orElseThrow();

        assertThat(id.node()).isEqualTo(node);
        assertThat(id.instance()).isEqualTo(instance);
    }

    @Test
    void idIsAUuidOfVersion8() {
        UUID id = RequestId.next(-1, 4095).value();

        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                "00000000-0000-8000-0000-000000000000",
                "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
                "1-1-8001-8001-1000000000000000000001"
            })
    void foreignTextIsNoId(String text) {
        assertThat(RequestId.parse(text)).isEmpty();
    }
}
