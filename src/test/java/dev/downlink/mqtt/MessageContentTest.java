// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageContentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"{}", " {\"a\":[1,{\"b\":null}]}", "{\"text\":\"水\"}", "{\"content\":\"hello\",\"id\":null}"})
    void objectStaysAnObject(String payload) {
        assertThat(of(payload)).isEqualTo(new MessageContent(new Json(payload), false, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello|\"hello\"",
                "``|\"\"",
                "[1]|\"[1]\"",
                "\"x\"|\"\\\"x\\\"\"",
                "{\"a\":1|\"{\\\"a\\\":1\"",
                "{} {}|\"{} {}\"",
                "{\"a\":\"\\u0000\"}|\"{\\\"a\\\":\\\"\\\\u0000\\\"}\"",
                "{\"a\":1e999999999}|\"{\\\"a\\\":1e999999999}\""
            })
    void otherTextIsAString(String payload, String content) {
        assertThat(of(payload)).isEqualTo(new MessageContent(new Json(content), false, Optional.empty()));
    }

    @Test
    void whatIsNoTextIsBase64() {
        assertThat(MessageContent.of(new byte[] {0, 1, (byte) 0xff}))
                .isEqualTo(new MessageContent(new Json("\"AAH/\""), true, Optional.empty()));
        assertThat(MessageContent.of(new byte[] {'a', 0}))
                .isEqualTo(new MessageContent(new Json("\"YQA=\""), true, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"object_device_id\":\"c_1\",\"content\":1}|c_1",
                "{\"content\":{\"object_device_id\":\"c_2\"},\"object_device_id\":\"c_1\"}|c_1",
                "{\"content\":{\"object_device_id\":\"c_2\"}}|",
                "{\"object_device_id\":\"\"}|",
                "{\"object_device_id\":null}|",
                "{\"object_device_id\":7}|",
                "{\"a\":\"object_device_id\"}|",
                "[{\"object_device_id\":\"c_1\"}]|"
            })
    void onlyTheObjectItselfNamesADevice(String payload, String device) {
        assertThat(of(payload).device()).isEqualTo(Optional.ofNullable(device));
    }

    private static MessageContent of(String payload) {
        return MessageContent.of(payload.getBytes(StandardCharsets.UTF_8));
    }
}
