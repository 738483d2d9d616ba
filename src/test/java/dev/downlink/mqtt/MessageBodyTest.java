// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.Message.Encoding;
import dev.downlink.model.Message.Format;
import dev.downlink.model.MessageId;
import dev.downlink.protocol.MessageKey;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageBodyTest {
    private static final MessageKey KEY =
            new MessageKey(new DeviceId("gateway"), new DeviceId("child"), new MessageId("m-1"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"HelloWorld\" | \"HelloWorld\"",
                "\"水 \\u6c34 \\\" \\n\" | \"水 水 \\\" \\n\"",
                "{ \"a\" : 1.50, \"b c\" : [ \"x \\\" y\", null ] } "
                        + "| \"{\\\"a\\\":1.50,\\\"b c\\\":[\\\"x \\\\\\\" y\\\",null]}\"",
                "12345678901234567890.10 | \"12345678901234567890.10\"",
                "\"\\ud800\" | \"?\""
            })
    void contentOfTheEnvelopeIsAlwaysAString(String content, String expected) {
        assertThat(body(content, Encoding.NONE, Format.STANDARD))
                .isEqualTo("{\"object_device_id\":\"child\",\"name\":\"greeting\",\"id\":\"m-1\",\"content\":"
                        + expected + "}");
    }

    @Test
    void envelopeHasItsFourKeysAlsoWithoutAName() {
        Message message =
                new Message(KEY.id(), null, new Json("\"x\""), Encoding.NONE, Format.STANDARD, null, null, null, 0);

        assertThat(new String(MessageBody.of(KEY, message), StandardCharsets.UTF_8))
                .isEqualTo("{\"object_device_id\":\"child\",\"name\":null,\"id\":\"m-1\",\"content\":\"x\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"\"水\\n\\u0041\" | ~水\nA~", "{ \"a\" : 1.50 } | { \"a\" : 1.50 }", "null | null"})
    void rawContentIsItsTextOrItsJsonAsItCame(String content, String expected) {
        assertThat(body(content, Encoding.NONE, Format.RAW)).isEqualTo(expected);
    }

    @Test
    void base64IsDecodedWhateverTheFormat() {
        Message message = message("\"AAH//g==\"", Encoding.BASE64, Format.STANDARD);

        assertThat(MessageBody.of(KEY, message)).containsExactly(0, 1, 0xff, 0xfe);
    }

    @ParameterizedTest
    @CsvSource({
        "STANDARD, NONE, '\"x\"', 1, application/json",
        "RAW, NONE, '{\"a\":1}', 1, application/json",
        "RAW, NONE, '\"x\"', 1,",
        "RAW, BASE64, '\"AAH/\"', ,"
    })
    void propertiesOfMqtt5TellWhatThePayloadIs(
            Format format, Encoding encoding, String content, Integer indicator, String type) {
        MqttProperties properties = MessagePacket.properties(message(content, encoding, format), 60);

        assertThat(value(properties, MqttProperties.PAYLOAD_FORMAT_INDICATOR)).isEqualTo(indicator);
        assertThat(value(properties, MqttProperties.CONTENT_TYPE)).isEqualTo(type);
        assertThat(value(properties, MqttProperties.PUBLICATION_EXPIRY_INTERVAL))
                .isEqualTo(60);
    }

    private static Object value(MqttProperties properties, int id) {
        MqttProperties.MqttProperty<?> property = properties.getProperty(id);
        return property == null ? null : property.value();
    }

    private static String body(String content, Encoding encoding, Format format) {
        return new String(MessageBody.of(KEY, message(content, encoding, format)), StandardCharsets.UTF_8);
    }

    private static Message message(String content, Encoding encoding, Format format) {
        return new Message(KEY.id(), "greeting", new Json(content), encoding, format, null, null, null, 0);
    }
}
