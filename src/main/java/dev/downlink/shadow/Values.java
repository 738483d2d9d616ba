// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.downlink.model.Json;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as plain Java values. */
final class Values {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Beyond a double's range; the database has no room for a short text such as 1e999999999. */
    private static final int MAX_SCALE = 400;

    private static final int KIB = 1024;

    private Values() {}

    /** Reads an object; every number keeps its value. */
    static Map<String, @Nullable Object> read(Json object) {
        try {
            return JSON.readValue(object.text(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON object cannot be read", e);
        }
    }

    /** How much of the memory for waiting values one takes: 1, and 1 more for each KiB of text. */
    static int weight(@Nullable Object value) {
        return 1 + (int) Math.min(Integer.MAX_VALUE / 2, size(value) / KIB);
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case Map<?, ?> map -> size(map.keySet()) + size(map.values());
            case Collection<?> list -> {
                long sum = 0;
                for (Object item : list) {
                    sum += 16 + size(item);
                }
                yield sum;
            }
            case null, default -> 0;
        };
    }

    /** Whether the database can keep it: no NUL character in it, no number beyond all use. */
    static boolean isStorable(@Nullable Object value) {
        return switch (value) {
            case String text -> text.indexOf('\0') < 0;
            case BigDecimal number -> Math.abs((long) number.scale()) <= MAX_SCALE;
            case Map<?, ?> map -> isStorable(map.keySet()) && isStorable(map.values());
            case Collection<?> list -> list.stream().allMatch(Values::isStorable);
            case null, default -> true;
        };
    }
}
