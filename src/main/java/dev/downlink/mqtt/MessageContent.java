// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.downlink.model.Json;
import dev.downlink.model.Text;
import dev.downlink.model.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;

/**
 * The payload of a message, which may be anything: a JSON object stays one, other text is a string, and all else is a string with
 * its Base64.
 *
 * @param device what a JSON object names as {@code object_device_id}
 */
record MessageContent(Json content, boolean base64, Optional<String> device) {

    static MessageContent of(byte[] payload) {
        try {
            String text = Utf8.text(payload);
            return Text.isStorable(text) ? of(text) : binary(payload);
        } catch (CharacterCodingException e) {
            return binary(payload);
        }
    }

    private static MessageContent of(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return text(text, Optional.empty());
        }
        Scan scan = new Scan();
        return scan.isObject(text)
                ? new MessageContent(new Json(text), false, scan.device())
                : text(text, scan.device());
    }

    private static MessageContent text(String text, Optional<String> device) {
        String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
        return new MessageContent(new Json(quoted), false, device);
    }

    private static MessageContent binary(byte[] payload) {
        Json content = new Json('"' + Base64.getEncoder().encodeToString(payload) + '"');
        return new MessageContent(content, true, Optional.empty());
    }

    /** One walk over the text. */
    private static final class Scan {
        private String device = "";

        /** Whether the whole text is a JSON object that the database can keep. */
        boolean isObject(String text) {
            try (JsonParser parser = Values.parser(text)) {
                JsonToken _ = parser.nextToken();
                for (int depth = 1; depth > 0; ) {
                    depth += step(parser, depth);
                }
                return parser.nextToken() == null;
            } catch (IOException e) {
                return false;
            }
        }

        private int step(JsonParser parser, int depth) throws IOException {
            JsonToken token = parser.nextToken();
            switch (token) {
                case VALUE_STRING -> string(parser, depth);
                case FIELD_NAME -> {
                    var _ = Values.text(parser.currentName());
                }
                case VALUE_NUMBER_FLOAT -> {
                    var _ = Values.decimal(parser);
                }
                case null -> throw new IOException("the JSON object does not end");
                default -> {}
            }
            return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }

        private void string(JsonParser parser, int depth) throws IOException {
            String text = Values.text(parser.getText());
            if (depth == 1 && "object_device_id".equals(parser.currentName())) {
                device = text;
            }
        }

        Optional<String> device() {
            return Optional.of(device).filter(id -> !id.isEmpty());
        }
    }
}
