// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shows schemas of the API's description as tables of fields; named objects have an anchor of their own. */
final class TypeTable {
    private final ApiDocument document;
    private final Html html;

    TypeTable(ApiDocument document, Html html) {
        this.document = document;
        this.html = html;
    }

    /** All named objects, each with its fields. */
    void namedTypes() {
        for (Map.Entry<String, JsonNode> schema :
                document.root().at("/components/schemas").properties()) {
            if (isObject(schema.getValue())) {
                html.element("h3", schema.getKey(), "id", "type-" + schema.getKey());
                html.prose(schema.getValue().path("description").asText());
                fields(schema.getValue());
            }
        }
    }

    /** @param schema of an object, or a reference to one */
    void fields(JsonNode schema) {
        html.open("div", "class", "wide").open("table");
        html.raw("<tr><th>field</th><th>type</th><th>meaning</th></tr>");
        rows(document.resolve(schema), "");
        html.close("table").close("div");
    }

    private void rows(JsonNode object, String prefix) {
        List<String> mandatory = texts(object.path("required"));
        for (Map.Entry<String, JsonNode> field : object.path("properties").properties()) {
            JsonNode schema = field.getValue();
            html.open("tr").open("td").element("code", prefix + field.getKey());
            if (mandatory.contains(field.getKey())) {
                html.raw(" ").element("b", "mandatory");
            }
            html.close("td").open("td");
            type(schema);
            html.close("td").open("td").line(meaning(schema)).close("td").close("tr");
            if (schema.has("properties")) {
                rows(schema, prefix + field.getKey() + '.');
            } else if (schema.path("items").has("properties")) {
                rows(schema.path("items"), prefix + field.getKey() + "[].");
            }
        }
    }

    /** The type in words, with a link when it is a named object. */
    void type(JsonNode schema) {
        JsonNode real = document.resolve(schema);
        if (schema.has("$ref") && isObject(real)) {
            String name = schema.path("$ref").asText().replaceFirst(".*/", "");
            html.element("a", name, "href", "#type-" + name);
        } else if (real.has("oneOf")) {
            either(real.path("oneOf"));
        } else if (real.path("type").asText().equals("array")) {
            html.text("list of ");
            type(real.path("items"));
            html.text(limits(real));
        } else {
            html.text(word(real)).text(limits(real));
        }
        if (schema.has("default")) {
            html.text("; default " + schema.path("default").asText());
        }
    }

    private void either(JsonNode types) {
        for (int i = 0; i < types.size(); i++) {
            html.text(i == 0 ? "" : " or ");
            type(types.path(i));
        }
    }

    String meaning(JsonNode described) {
        String own = described.path("description").asText();
        return own.isEmpty() ? document.resolve(described).path("description").asText() : own;
    }

    private static String word(JsonNode schema) {
        if (schema.has("const")) {
            JsonNode only = schema.path("const");
            return only.isContainerNode() ? only.toString() : only.asText();
        }
        if (schema.has("enum")) {
            return String.join(", ", texts(schema.path("enum")));
        }
        return schema.path("type").asText("any JSON");
    }

    private static String limits(JsonNode schema) {
        return range(schema, "minLength", "maxLength", " characters")
                + range(schema, "minimum", "maximum", "")
                + range(schema, "minItems", "maxItems", " entries")
                + (schema.has("pattern") ? ", " + schema.path("pattern").asText() : "");
    }

    private static String range(JsonNode schema, String least, String most, String unit) {
        if (schema.has(least) && schema.has(most)) {
            return ", " + schema.path(least).asText() + " to "
                    + schema.path(most).asText() + unit;
        } else if (schema.has(most)) {
            return ", at most " + schema.path(most).asText() + unit;
        }
        return schema.has(least) ? ", at least " + schema.path(least).asText() + unit : "";
    }

    private static boolean isObject(JsonNode schema) {
        return schema.has("properties");
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
