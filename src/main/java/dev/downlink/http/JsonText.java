// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.downlink.model.Utf8;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict reading and plain writing of JSON: UTF-8 only, no key twice, nothing after the value, bounded nesting. */
final class JsonText {
    static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER = 400;
    private static final int MAX_COMPLAINT = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonText() {}

    /** @throws Failed with {@link Failure.Unreadable} */
    static JsonNode read(byte[] body) {
        if (body.length == 0) {
            throw unreadable("is empty");
        }
        try {
            return MAPPER.readTree(Utf8.text(body));
        } catch (CharacterCodingException e) {
            throw unreadable("is not UTF-8");
        } catch (JsonProcessingException e) {
            String why = e.getOriginalMessage();
            throw unreadable("is not valid JSON: "
                    + (why.length() > MAX_COMPLAINT ? why.substring(0, MAX_COMPLAINT) + "…" : why));
        }
    }

    static Buffer write(JsonNode node) {
        return Buffer.buffer(text(node));
    }

    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** Size of the compact form in bytes. */
    static int size(JsonNode node) {
        return text(node).getBytes(StandardCharsets.UTF_8).length;
    }

    private static Failed unreadable(String why) {
        return new Failed(new Failure.Unreadable("body", why));
    }
}
