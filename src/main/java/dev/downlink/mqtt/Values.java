// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.downlink.model.Text;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values of devices as plain Java values. What the database cannot keep is refused here, where it is one device's fault. */
final class Values {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_DIGITS = 100;
    /** Beyond a double's range; arithmetic on a short text such as 1e999999999 would fill the memory. */
    private static final int MAX_SCALE = 400;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .build();

    private Values() {}

    static JsonParser parser(String text) throws IOException {
        return JSON.createParser(text);
    }

    /** The object at whose beginning the parser stands: String, Boolean, Integer, Long, BigInteger, BigDecimal, Map, List and null. */
    static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = text(parser.currentName());
            object.put(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken first) throws IOException {
        return switch (first) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> text(parser.getText());
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("the value does not end");
        };
    }

    private static List<@Nullable Object> list(JsonParser parser) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            list.add(value(parser, token));
        }
        return list;
    }

    static BigDecimal decimal(JsonParser parser) throws IOException {
        BigDecimal decimal = parser.getDecimalValue();
        if (Math.abs((long) decimal.scale()) > MAX_SCALE) {
            throw new IOException("a number without end");
        }
        return decimal;
    }

    static String text(String text) throws IOException {
        if (!Text.isStorable(text)) {
            throw new IOException("a text with NUL or half a surrogate pair");
        }
        return text;
    }
}
