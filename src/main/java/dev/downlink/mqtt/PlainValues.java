// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was read from JSON, most of all String, Boolean, Integer, Long, BigDecimal, Map, List and null: the mapper would
 * look each value's type up first.
 */
final class PlainValues {
    private PlainValues() {}

    static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Boolean bool -> json.writeBoolean(bool);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Map<?, ?> map -> write(json, map);
            case List<?> list -> write(json, list);
            default -> json.writePOJO(value);
        }
    }

    private static void write(JsonGenerator json, Map<?, ?> map) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            json.writeFieldName(String.valueOf(member.getKey()));
            write(json, member.getValue());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, List<?> list) throws IOException {
        json.writeStartArray();
        for (Object item : list) {
            write(json, item);
        }
        json.writeEndArray();
    }
}
