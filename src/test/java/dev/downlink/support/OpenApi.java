// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The API's description as tests use it: its operations, and whether a value fits a schema of it. */
public final class OpenApi {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    private final JsonObject root;
    private final Map<String, Validator> validators = new HashMap<>();

    public OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
            root = new JsonObject(new YAMLMapper().readTree(in).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public record Operation(String id, String method, String path, JsonObject node) {
        public JsonObject responses() {
            return node.getJsonObject("responses");
        }

        /** The schema of the body, null when it takes none. */
        public JsonObject body() {
            return node.containsKey("requestBody") ? schema(node.getJsonObject("requestBody")) : null;
        }

        public boolean isOpen() {
            return node.containsKey("security") && node.getJsonArray("security").isEmpty();
        }

        /** Whether a path of a request is one of this operation's. */
        public boolean takes(String actual) {
            String pattern = path.replace("{topic}", "\u0001").replaceAll("\\{[a-z_]+}", "\u0002");
            return actual.matches(
                    Pattern.quote(pattern).replace("\u0001", "\\E.+\\Q").replace("\u0002", "\\E[^/]+\\Q"));
        }

        @Override
        public String toString() {
            return id;
        }
    }

    public JsonObject root() {
        return root.copy();
    }

    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        JsonObject paths = root.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            for (String method : item.fieldNames()) {
                if (METHODS.contains(method)) {
                    JsonObject node = item.getJsonObject(method);
                    operations.add(new Operation(
                            node.getString("operationId"), method.toUpperCase(java.util.Locale.ROOT), path, node));
                }
            }
        }
        return operations;
    }

    public Operation operation(String id) {
        return operations().stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** What a reference names, or the node itself when it is none. */
    public JsonObject resolve(JsonObject node) {
        String reference = node.getString("$ref");
        return reference == null ? node : find(reference);
    }

    /** @param reference begins with # */
    public JsonObject find(String reference) {
        return (JsonObject) JsonPointer.from(reference.substring(1)).queryJson(root);
    }

    /** The schema of a JSON body or answer. */
    public static JsonObject schema(JsonObject message) {
        return message.getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("schema");
    }

    /** All that is wrong with a value; empty when it fits. */
    public List<String> complaints(JsonObject schema, Object value) {
        OutputUnit result =
                validators.computeIfAbsent(schema.encode(), this::validator).validate(value);
        if (result.getValid()) {
            return List.of();
        }
        return result.getErrors() == null
                ? List.of("does not fit")
                : result.getErrors().stream()
                        .map(e -> e.getInstanceLocation() + " " + e.getError())
                        .toList();
    }

    /** Of copies, because a validator writes into its schema. */
    private Validator validator(String schema) {
        JsonObject whole = new JsonObject(schema).put("components", root().getJsonObject("components"));
        return Validator.create(
                JsonSchema.of(whole),
                new JsonSchemaOptions()
                        .setDraft(Draft.DRAFT202012)
                        .setBaseUri("https://downlink.invalid")
                        .setOutputFormat(OutputFormat.Basic));
    }

    /** All that is not as described in an answer to an operation: status, headers, content type, body. */
    public List<String> complaints(Operation operation, HttpResponse<String> answer) {
        JsonObject response = operation.responses().getJsonObject(String.valueOf(answer.statusCode()));
        return response == null
                ? List.of("status " + answer.statusCode() + " is not described")
                : complaints(resolve(response), answer);
    }

    /** @param response what is said about it */
    public List<String> complaints(JsonObject response, HttpResponse<String> answer) {
        List<String> complaints = new ArrayList<>();
        for (String header : response.getJsonObject("headers").fieldNames()) {
            String value = answer.headers().firstValue(header).orElse("");
            JsonObject schema = resolve(response.getJsonObject("headers").getJsonObject(header))
                    .getJsonObject("schema");
            boolean number = schema.getString("type").equals("integer");
            if (value.isEmpty()
                    || !complaints(schema, number ? Integer.valueOf(value) : value)
                            .isEmpty()) {
                complaints.add("header " + header + " is '" + value + "'");
            }
        }
        String type = answer.headers().firstValue("Content-Type").orElse("");
        JsonObject content = response.getJsonObject("content", new JsonObject());
        if (!(content.isEmpty() ? type.isEmpty() && answer.body().isEmpty() : content.containsKey(type))) {
            complaints.add("content type is '" + type + "'");
        } else if (type.equals("application/json")) {
            complaints.addAll(complaints(schema(response), Json.decodeValue(answer.body())));
        }
        return complaints;
    }

    /** All references of the document. */
    public List<String> references() {
        List<String> references = new ArrayList<>();
        collect(root, references);
        return references;
    }

    private static void collect(Object node, List<String> references) {
        if (node instanceof JsonObject object) {
            if (object.getValue("$ref") instanceof String reference) {
                references.add(reference);
            }
            object.forEach(field -> collect(field.getValue(), references));
        } else if (node instanceof JsonArray array) {
            array.forEach(item -> collect(item, references));
        }
    }
}
