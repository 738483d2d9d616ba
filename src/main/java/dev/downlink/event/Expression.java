// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.UnaryOperator;

/**
 * A part of a query that has a value for each event; NULL is a JSON null.
 *
 * @param type of the value when it is not NULL
 */
record Expression(ValueType type, UnaryOperator<JsonNode> value) {

    /** What is known of a value before there is an event. */
    enum ValueType {
        /** True, false or NULL, which is neither. */
        TRUTH,
        NUMBER,
        TEXT,
        /** Whatever an event has there. */
        ANY
    }

    static Expression truth(UnaryOperator<JsonNode> value) {
        return new Expression(ValueType.TRUTH, value);
    }

    static Expression constant(ValueType type, JsonNode constant) {
        return new Expression(type, _ -> constant);
    }

    boolean mayBe(ValueType wanted) {
        return type == wanted || type == ValueType.ANY;
    }

    JsonNode of(JsonNode event) {
        return value.apply(event);
    }
}
