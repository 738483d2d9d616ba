// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The OpenAPI document that lies beside the program, as it is written and as a tree. */
final class ApiDocument {
    private static final String FILE = "/openapi.yaml";

    private final byte[] text;
    private final JsonNode root;

    private ApiDocument(byte[] text, JsonNode root) {
        this.text = text;
        this.root = root;
    }

    /** Reads files, so not for an event loop. */
    static ApiDocument read() {
        try (InputStream in = ApiDocument.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new FileNotFoundException(FILE + " is not on the class path");
            }
            byte[] text = in.readAllBytes();
            return new ApiDocument(text, new YAMLMapper().readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] text() {
        return text.clone();
    }

    JsonNode root() {
        return root;
    }

    /** What a reference names, or the node itself when it is none. */
    JsonNode resolve(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : root.requiredAt(JsonPointer.compile(reference.substring(1)));
    }
}
