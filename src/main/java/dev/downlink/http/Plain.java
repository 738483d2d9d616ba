// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.downlink.model.InvalidField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as plain Java values, and what may not stand in them. */
final class Plain {
    /** Beyond a double's range; arithmetic on a short text such as 1e999999999 would fill the memory. */
    private static final int MAX_SCALE = 400;

    private Plain() {}

    /** String, Boolean, Integer, Long, BigInteger, BigDecimal, Map, List and null. */
    static Map<String, @Nullable Object> map(String path, JsonNode object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            map.put(whole(path, field.getKey()), value(path + '.' + field.getKey(), field.getValue()));
        }
        return map;
    }

    private static @Nullable Object value(String path, JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> whole(path, node.textValue());
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(path, node);
            case OBJECT -> map(path, node);
            case ARRAY -> list(path, node);
            case NULL -> null;
            case BINARY, MISSING, POJO -> throw new IllegalStateException("not read from JSON: " + node.getNodeType());
        };
    }

    private static List<@Nullable Object> list(String path, JsonNode array) {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonNode item : array) {
            list.add(value(path + '[' + list.size() + ']', item));
        }
        return list;
    }

    private static Number number(String path, JsonNode node) {
        Number number = node.numberValue();
        if (number instanceof BigDecimal decimal && Math.abs((long) decimal.scale()) > MAX_SCALE) {
            throw new InvalidField(path, "is a number that no device can take");
        }
        return number;
    }

    /** Refuses what the database cannot keep: the NUL character and half a surrogate pair. */
    static String storable(String path, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidField(path, "must not contain the NUL character");
        }
        return whole(path, text);
    }

    /** The same for all texts and numbers of a value. */
    static JsonNode storable(String path, JsonNode node) {
        if (node.isTextual()) {
            var _ = storable(path, node.textValue());
        } else if (node.isNumber()) {
            var _ = number(path, node);
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            var _ = storable(path, field.getKey());
            var _ = storable(path + '.' + field.getKey(), field.getValue());
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                var _ = storable(path, item);
            }
        }
        return node;
    }

    private static String whole(String path, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    throw new InvalidField(path, "contains half a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }
}
