// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of queries: JSON, where NULL stands for whatever is not there or makes no sense. */
final class Scalars {
    static final JsonNode NULL = NullNode.getInstance();

    /** Longer texts are NULL wherever they would have to be looked into, so that this takes a bounded time. */
    static final int MAX_TEXT = 8192;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    private Scalars() {}

    /** Also what there is nothing in. */
    static boolean isNull(JsonNode node) {
        return node.isNull() || node.isMissingNode() || (node.isArray() && node.isEmpty());
    }

    static JsonNode present(JsonNode node) {
        return node.isMissingNode() ? NULL : node;
    }

    static JsonNode truth(boolean value) {
        return BooleanNode.valueOf(value);
    }

    static @Nullable Boolean truth(JsonNode node) {
        return node.isBoolean() ? (Boolean) node.booleanValue() : null;
    }

    static JsonNode text(String text) {
        return text.length() > MAX_TEXT ? NULL : TextNode.valueOf(text);
    }

    /** A text, or a number or a truth as it is written. */
    static @Nullable String text(JsonNode node) {
        if (!node.isValueNode() || node.isNull()) {
            return null;
        }
        boolean big = node.isNumber() && !node.canConvertToLong();
        String text = big ? Double.toString(node.doubleValue()) : node.asText();
        return text.length() > MAX_TEXT ? null : text;
    }

    static JsonNode number(long value) {
        return LongNode.valueOf(value);
    }

    static JsonNode number(double value) {
        return Double.isFinite(value) ? DoubleNode.valueOf(value) : NULL;
    }

    /** A long or a double, also of a text that is written like a number. */
    static @Nullable Number number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return node.isTextual() ? number(node.textValue()) : null;
    }

    private static @Nullable Number number(String text) {
        if (text.length() > 40 || !NUMBER.matcher(text).matches()) {
            return null;
        }
        return text.indexOf('.') < 0 ? (Number) Long.valueOf(text) : (Number) Double.valueOf(text);
    }

    /**
     * Below zero, zero or above it, of two numbers, texts or truths; a text that is written like a number is one beside a
     * number. Null for anything else.
     */
    static @Nullable Integer compare(JsonNode a, JsonNode b) {
        if (a.isTextual() && b.isTextual()) {
            return a.textValue().compareTo(b.textValue());
        }
        if (a.isBoolean() && b.isBoolean()) {
            return Boolean.compare(a.booleanValue(), b.booleanValue());
        }
        Number left = number(a);
        Number right = number(b);
        return left == null || right == null ? null : (Integer) compare(left, right);
    }

    private static int compare(Number a, Number b) {
        return a instanceof Long && b instanceof Long
                ? Long.compare(a.longValue(), b.longValue())
                : Double.compare(a.doubleValue(), b.doubleValue());
    }
}
