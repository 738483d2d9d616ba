// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Json;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, read strictly by type: a number is never taken for a text nor a text for a number. A field
 * that is null counts as absent; fields that nobody asks for are ignored. Complaints name the field with its whole path.
 */
final class Fields {
    private final String path;
    private final JsonNode object;

    private Fields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    /** @throws Failed with {@link Failure.Unreadable} when the body is no JSON object */
    static Fields of(byte[] body) {
        JsonNode root = JsonText.read(body);
        if (!root.isObject()) {
            throw new Failed(new Failure.Unreadable("body", "must be a JSON object"));
        }
        return new Fields("", root);
    }

    /** The same; an empty body counts as an object without fields. */
    static Fields ofOptional(byte[] body) {
        return body.length == 0 ? new Fields("", JsonNodeFactory.instance.objectNode()) : of(body);
    }

    boolean has(String name) {
        return find(name) != null;
    }

    @Nullable
    String text(String name) {
        return read(
                name, "must be a string", JsonNode::isTextual, node -> Plain.storable(path + name, node.textValue()));
    }

    String mandatoryText(String name) {
        @Nullable String value = text(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /** A text that is turned into something of the model. */
    <T> @Nullable T text(String name, Function<String, T> make) {
        @Nullable String value = text(name);
        return value == null ? null : inside(() -> make.apply(value));
    }

    <T> T mandatory(String name, Function<String, T> make) {
        String value = mandatoryText(name);
        return inside(() -> make.apply(value));
    }

    @Nullable
    Integer integer(String name) {
        return read(
                name,
                "must be an integer",
                node -> node.isIntegralNumber() && node.canConvertToInt(),
                JsonNode::intValue);
    }

    @Nullable
    Long longInteger(String name) {
        return read(
                name,
                "must be an integer",
                node -> node.isIntegralNumber() && node.canConvertToLong(),
                JsonNode::longValue);
    }

    @Nullable
    Double number(String name) {
        return read(name, "must be a number", JsonNode::isNumber, JsonNode::doubleValue);
    }

    @Nullable
    Boolean bool(String name) {
        return read(name, "must be true or false", JsonNode::isBoolean, JsonNode::booleanValue);
    }

    boolean bool(String name, boolean otherwise) {
        @Nullable Boolean value = bool(name);
        return value == null ? otherwise : value;
    }

    @Nullable
    Fields object(String name) {
        return read(name, "must be an object", JsonNode::isObject, node -> new Fields(path + name + '.', node));
    }

    /** A list of objects; absent counts as empty. */
    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode item : items(name)) {
            String at = path + name + '[' + objects.size() + ']';
            if (!item.isObject()) {
                throw new InvalidField(at, "must be an object");
            }
            objects.add(new Fields(at + '.', item));
        }
        return objects;
    }

    /** A list of strings; absent counts as empty. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : items(name)) {
            String at = path + name + '[' + texts.size() + ']';
            if (!item.isTextual()) {
                throw new InvalidField(at, "must be a string");
            }
            texts.add(Plain.storable(at, item.textValue()));
        }
        return texts;
    }

    /** Any JSON, kept as it is. */
    @Nullable
    Json json(String name) {
        return read(name, "", _ -> true, node -> new Json(JsonText.text(Plain.storable(path + name, node))));
    }

    /** A JSON object, kept as it is. */
    @Nullable
    Json jsonObject(String name) {
        return read(
                name,
                "must be an object",
                JsonNode::isObject,
                node -> new Json(JsonText.text(Plain.storable(path + name, node))));
    }

    /** A JSON object as plain Java values, with numbers of exactly the value that was written. */
    Map<String, @Nullable Object> mandatoryMap(String name) {
        Map<String, @Nullable Object> map =
                read(name, "must be an object", JsonNode::isObject, node -> Plain.map(path + name, node));
        if (map == null) {
            throw missing(name);
        }
        return map;
    }

    /** The same, without what the database cannot keep. */
    Map<String, @Nullable Object> mandatoryStorableMap(String name) {
        @Nullable JsonNode node = find(name);
        if (node != null) {
            var _ = Plain.storable(path + name, node);
        }
        return mandatoryMap(name);
    }

    /** Size in bytes of a field's compact JSON; 0 when it is absent. */
    int size(String name) {
        @Nullable JsonNode node = find(name);
        return node == null ? 0 : JsonText.size(node);
    }

    /** Size in bytes of what is in a field: of a text its UTF-8, else compact JSON; 0 when it is absent. */
    int contentSize(String name) {
        @Nullable JsonNode node = find(name);
        if (node == null) {
            return 0;
        }
        return node.isTextual() ? node.textValue().getBytes(StandardCharsets.UTF_8).length : JsonText.size(node);
    }

    /** Makes something of the model of these fields; its complaints get this object's path. */
    <T> T inside(Supplier<T> make) {
        try {
            return make.get();
        } catch (InvalidField e) {
            throw path.isEmpty() || e.field().startsWith(path) ? e : new InvalidField(path + e.field(), e.why());
        }
    }

    InvalidField missing(String name) {
        return wrong(name, "is mandatory");
    }

    /** @param why completes the sentence "{name} …" */
    InvalidField wrong(String name, String why) {
        return new InvalidField(path + name, why);
    }

    private JsonNode items(String name) {
        @Nullable JsonNode node = find(name);
        if (node == null) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!node.isArray()) {
            throw new InvalidField(path + name, "must be a list");
        }
        return node;
    }

    private <T> @Nullable T read(
            String name, String complaint, Function<JsonNode, Boolean> fits, Function<JsonNode, T> make) {
        @Nullable JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!fits.apply(node)) {
            throw new InvalidField(path + name, complaint);
        }
        return make.apply(node);
    }

    private @Nullable JsonNode find(String name) {
        @Nullable JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }
}
