// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTest {
    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a/bc, false",
        "a/b, a, false",
        "a/bc, a/b, false",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/#, ab, false",
        "#, a/b, true",
        "#, $oc/x, false",
        "+/x, $oc/x, false",
        "$oc/#, $oc/x, true",
        "a/+, a/, true",
        "a/+, a, false",
        "a/+, a/b/c, false",
        "a/+/c, a/b/c, true",
        "+/+, /b, true",
        "a/+/#, a/b, true",
        "+, a, true"
    })
    void matchingFollowsTheStandard(String filter, String topic, boolean matches) {
        assertThat(new Subscription(filter, 0).matches(topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "#", "+", "a/#", "+/a/+", "a//b"})
    void wildcardsStandAlone(String filter) {
        assertThat(Filters.isValid(filter)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "#/a", "a/#/b", "a+", "+a", "a/+b/c", "##", "++"})
    void wildcardsElsewhereAreInvalid(String filter) {
        assertThat(Filters.isValid(filter)).isFalse();
    }

    @Test
    void lengthIsBounded() {
        assertThat(Filters.isValid("a".repeat(512))).isTrue();
        assertThat(Filters.isValid("a".repeat(513))).isFalse();
    }
}
