// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.downlink.model.Json;
import dev.downlink.model.Utf8;
import java.io.IOException;

/** The payload of a device's answer (southbound §5): a JSON object in UTF-8, passed on as it came. */
final class AnswerBody {
    /** Of an answer after it is unpacked. */
    static final int MAX_UNPACKED = 256 * 1024;

    /** Only looks whether it is JSON; there is no name to remember. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private AnswerBody() {}

    /**
     * Reads an answer; an empty one is {@link Json#NULL}.
     *
     * @throws IOException for all that is no JSON object
     */
    static Json read(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return Json.NULL;
        }
        String text = Utf8.text(bytes);
        check(text);
        return new Json(text);
    }

    private static void check(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            int depth = 1;
            while (depth > 0) {
                depth += step(parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw new IOException("something stands behind the JSON object");
            }
        }
    }

    private static int step(JsonToken token) throws IOException {
        if (token == null) {
            throw new IOException("the JSON object does not end");
        }
        return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
}
