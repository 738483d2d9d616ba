// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.protocol.MessageKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a device gets as payload of a message (southbound §2.2). */
final class MessageBody {
    private static final JsonFactory JSON = new JsonFactory();

    private MessageBody() {}

    static byte[] of(MessageKey key, Message message) {
        if (message.encoding() == Message.Encoding.BASE64) {
            return Base64.getDecoder().decode(text(message.content()));
        }
        String payload = message.isRaw() ? raw(message.content()) : envelope(key, message);
        return payload.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a payload is a JSON document, as far as the gateway knows. */
    static boolean isJson(Message message) {
        return !message.isRaw() || (isText(message) && !isString(message.content()));
    }

    /** Whether a payload is text in UTF-8. */
    static boolean isText(Message message) {
        return message.encoding() != Message.Encoding.BASE64;
    }

    private static String raw(Json content) {
        return isString(content) ? text(content) : content.text();
    }

    /** With exactly these keys: device SDKs take nothing else for an envelope. */
    private static String envelope(MessageKey key, Message message) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("object_device_id", key.device().value());
            json.writeStringField("name", message.name());
            json.writeStringField("id", key.id().value());
            Json content = message.content();
            json.writeStringField("content", isString(content) ? text(content) : compact(content.text()));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static boolean isString(Json content) {
        return content.text().stripLeading().startsWith("\"");
    }

    private static String text(Json string) {
        try (JsonParser json = JSON.createParser(string.text())) {
            json.nextToken();
            return json.getText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves out white space between the tokens and nothing else, so that numbers stay as they were written. */
    static String compact(String json) {
        StringBuilder out = new StringBuilder(json.length());
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted && c == '\\') {
                out.append(c).append(json.charAt(++i));
                continue;
            }
            quoted ^= c == '"';
            if (quoted || c > ' ') {
                out.append(c);
            }
        }
        return out.toString();
    }
}
