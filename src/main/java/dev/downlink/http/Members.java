// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.Json;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds a JSON object member by member; what is null is left out. */
final class Members {
    private final ObjectNode node = JsonNodeFactory.instance.objectNode();

    @CanIgnoreReturnValue
    Members put(String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
        return this;
    }

    @CanIgnoreReturnValue
    Members put(String name, @Nullable Integer value) {
        if (value != null) {
            node.put(name, value);
        }
        return this;
    }

    @CanIgnoreReturnValue
    Members put(String name, @Nullable Double value) {
        if (value != null) {
            node.put(name, value);
        }
        return this;
    }

    @CanIgnoreReturnValue
    Members put(String name, boolean value) {
        node.put(name, value);
        return this;
    }

    @CanIgnoreReturnValue
    Members put(String name, long value) {
        node.put(name, value);
        return this;
    }

    @CanIgnoreReturnValue
    Members put(String name, ObjectNode value) {
        node.set(name, value);
        return this;
    }

    /** Splices the text in as it is. */
    @CanIgnoreReturnValue
    Members put(String name, @Nullable Json value) {
        if (value != null) {
            node.putRawValue(name, new RawValue(value.text()));
        }
        return this;
    }

    @CanIgnoreReturnValue
    Members texts(String name, List<String> values) {
        ArrayNode array = node.putArray(name);
        values.forEach(array::add);
        return this;
    }

    @CanIgnoreReturnValue
    <T> Members list(String name, List<T> values, Function<T, ObjectNode> shape) {
        ArrayNode array = node.putArray(name);
        values.forEach(value -> array.add(shape.apply(value)));
        return this;
    }

    ObjectNode node() {
        return node;
    }
}
