// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(strings = {"", "{\"a\":\u007f1}", "größer", "水表", "\uD83D\uDE00"})
    void textComesBack(String text) throws CharacterCodingException {
        assertThat(Utf8.text(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @Test
    void otherCharsetsAreRefused() {
        byte[] latin = "größer".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Utf8.text(latin)).isInstanceOf(CharacterCodingException.class);
    }

    @Test
    void halfASurrogateIsRefused() {
        byte[] half = {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80};

        assertThatThrownBy(() -> Utf8.text(half)).isInstanceOf(CharacterCodingException.class);
    }
}
