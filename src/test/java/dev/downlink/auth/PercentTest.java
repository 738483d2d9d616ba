// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTest {
    @Test
    void decodesOnce() {
        assertThat(Percent.decode("wa%20ter%2F%2b%7E*%2A%3D%26%E4%B8%AD%2525", false))
                .isEqualTo("wa ter/+~**=&中%25");
    }

    @Test
    void plusIsASpaceInAQueryOnly() {
        assertThat(Percent.decode("a+b%2B", true)).isEqualTo("a b+");
        assertThat(Percent.decode("a+b%2B", false)).isEqualTo("a+b+");
    }

    @Test
    void encodesAllButTheUnreserved() {
        StringBuilder out = new StringBuilder();

        Percent.encode(out, "aZ09-_.~ /+*=&中");

        assertThat(out).hasToString("aZ09-_.~%20%2F%2B%2A%3D%26%E4%B8%AD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a%", "%ff", "%c3%28", "%ed%a0%80"})
    void refusesBrokenEscapesAndOtherThanUtf8(String text) {
        assertThatThrownBy(() -> Percent.decode(text, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
