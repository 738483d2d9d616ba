// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Bodies made from the schemas of the API's description: one at the upper limit of everything, and wrong ones. */
public final class Bodies {
    private static final int LONGEST = 2048;
    /** How the pattern of a broadcast's topic begins, and the topic. */
    private static final String BROADCAST_PATTERN = "^\\$oc/broadcast/";

    private static final String BROADCAST = "$oc/broadcast/";

    /** How the pattern of a URL begins, and one. */
    private static final String URL_PATTERN = "^[Hh][Tt][Tt][Pp]";

    private static final String URL = "https://app.invalid/";

    private static final String SEARCH_PATTERN = "[Ss][Ee][Ll][Ee][Cc][Tt]";
    private static final String SEARCH = "select * from device";

    private final OpenApi document;

    public Bodies(OpenApi document) {
        this.document = document;
    }

    /** A body that breaks one rule of its schema. */
    public record Wrong(String field, String rule, JsonObject body) {
        @Override
        public String toString() {
            return field + " " + rule;
        }
    }

    /** A value with every field, as long and as large as the schema allows. */
    public Object largest(JsonObject schema) {
        return value(schema, true);
    }

    /** @param large or else as short as may be, with only those fields that are mandatory */
    private Object value(JsonObject schema, boolean large) {
        JsonObject real = document.resolve(schema);
        if (real.containsKey("const")) {
            return real.getValue("const");
        }
        if (real.containsKey("enum")) {
            return real.getJsonArray("enum").getValue(0);
        }
        return switch (real.getString("type", "any")) {
            case "object" -> object(real, large);
            case "array" -> new JsonArray().add(value(real.getJsonObject("items"), large));
            case "string" ->
                text(real, large ? real.getInteger("maxLength", LONGEST) : real.getInteger("minLength", 1));
            case "boolean" -> true;
            case "integer" -> real.getInteger("maximum", 1);
            default -> 1;
        };
    }

    private JsonObject object(JsonObject schema, boolean large) {
        JsonObject value = new JsonObject();
        JsonArray mandatory = schema.getJsonArray("required", new JsonArray());
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        properties.fieldNames().stream()
                .filter(name -> large || mandatory.contains(name))
                .filter(name -> !isExcluded(schema, name))
                .forEach(name -> value.put(name, value(properties.getJsonObject(name), large)));
        return value;
    }

    /** Of fields that exclude each other the last is left out, of an object that may have only one all but the first. */
    private static boolean isExcluded(JsonObject schema, String name) {
        if (schema.getInteger("maxProperties", 0) == 1) {
            return !schema.getJsonObject("properties")
                    .fieldNames()
                    .iterator()
                    .next()
                    .equals(name);
        }
        JsonArray together = schema.getJsonObject("not", new JsonObject()).getJsonArray("required", new JsonArray());
        return !together.isEmpty() && together.getString(together.size() - 1).equals(name);
    }

    /**
     * A text of one character; a fingerprint has its own lengths, a broadcast's topic, a URL, a search and what a rule asks for
     * their own beginning.
     */
    private static String text(JsonObject schema, int length) {
        String pattern = schema.getString("pattern", "");
        if (pattern.startsWith(BROADCAST_PATTERN)) {
            return BROADCAST + "1".repeat(Math.max(0, length - BROADCAST.length()));
        }
        if (pattern.startsWith(URL_PATTERN)) {
            return URL + "1".repeat(Math.max(0, length - URL.length()));
        }
        if (pattern.contains(SEARCH_PATTERN)) {
            return padded(SEARCH, length);
        }
        return switch (schema.getString("format", "")) {
            case "select" -> padded("*", length);
            case "where" -> padded("notify_data.body.status = 'x'", length);
            default -> "1".repeat(pattern.contains("{64}") ? 64 : length);
        };
    }

    private static String padded(String text, int length) {
        return text + " ".repeat(Math.max(0, length - text.length()));
    }

    public List<Wrong> wrong(JsonObject schema) {
        List<Wrong> all = new ArrayList<>();
        JsonObject whole = (JsonObject) largest(schema);
        object(document.resolve(schema), whole, "", (name, rule) -> all.add(new Wrong(name, rule, whole.copy())));
        return all;
    }

    private interface Found {
        void wrong(String field, String rule);
    }

    /** Breaks each field in turn and puts it right again. */
    private void object(JsonObject schema, JsonObject value, String path, Found found) {
        JsonArray mandatory = schema.getJsonArray("required", new JsonArray());
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        for (String name : properties.fieldNames()) {
            if (isExcluded(schema, name)) {
                continue;
            }
            Object right = value.getValue(name);
            if (mandatory.contains(name)) {
                value.remove(name);
                found.wrong(path + name, "left out");
            }
            JsonObject property = document.resolve(properties.getJsonObject(name));
            spoil(property, path + name, wrong -> value.put(name, wrong), found);
            value.put(name, right);
            if (right instanceof JsonObject inner) {
                object(property, inner, path + name + '.', found);
            } else if (right instanceof JsonArray items && items.getValue(0) instanceof JsonObject inner) {
                object(document.resolve(property.getJsonObject("items")), inner, path + name + "[0].", found);
            }
        }
    }

    private void spoil(JsonObject schema, String path, Consumer<Object> set, Found found) {
        if (schema.containsKey("enum") || schema.containsKey("const")) {
            set.accept("nonsense");
            found.wrong(path, "none of those that may be");
            return;
        }
        if (schema.containsKey("type")) {
            set.accept(schema.getString("type").equals("string") ? 7 : "nonsense");
            found.wrong(path, "of another type");
        }
        if (schema.containsKey("maxLength")) {
            set.accept(text(schema, schema.getInteger("maxLength") + 1));
            found.wrong(path, "too long");
        }
        if (schema.containsKey("minLength")) {
            set.accept(text(schema, schema.getInteger("minLength") - 1));
            found.wrong(path, "too short");
        }
        if (schema.containsKey("pattern")) {
            set.accept("$.€/".repeat(2));
            found.wrong(path, "of other characters");
        }
        if (schema.containsKey("minimum")) {
            set.accept(schema.getInteger("minimum") - 1);
            found.wrong(path, "too small");
        }
        if (schema.containsKey("maximum")) {
            set.accept(schema.getInteger("maximum") + 1L);
            found.wrong(path, "too large");
        }
        if (schema.containsKey("multipleOf")) {
            set.accept(schema.getInteger("multipleOf") + 1);
            found.wrong(path, "no multiple");
        }
        if (schema.containsKey("maxItems")) {
            Object item = value(schema.getJsonObject("items"), false);
            set.accept(new JsonArray(Collections.nCopies(schema.getInteger("maxItems") + 1, item)));
            found.wrong(path, "too many");
        }
    }
}
