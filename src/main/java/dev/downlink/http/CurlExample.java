// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.downlink.http.DocsPage.Operation;

/** A command line that tries an operation, made of the examples in the API's description. */
final class CurlExample {
    private final ApiDocument document;

    CurlExample(ApiDocument document) {
        this.document = document;
    }

    String of(Operation operation) {
        StringBuilder curl = new StringBuilder("curl ");
        if (!operation.name().equals("GET")) {
            curl.append("-X ").append(operation.name()).append(' ');
        }
        curl.append("\"$GATEWAY").append(target(operation)).append('"');
        if (!operation.node().has("security")) {
            curl.append(" \\\n  -H \"X-Auth-Token: $TOKEN\"");
        }
        JsonNode body = operation.node().at("/requestBody/content/application~1json/schema");
        if (!body.isMissingNode()) {
            JsonNode example = document.resolve(body).path("examples").path(0);
            curl.append(" \\\n  -H 'Content-Type: application/json' \\\n  -d '")
                    .append(example.toString().replace("'", "'\\''"))
                    .append('\'');
        }
        return curl.toString();
    }

    private static String target(Operation operation) {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("path")) {
                path = path.replace('{' + name + '}', parameter.path("example").asText());
            } else if (parameter.path("required").asBoolean()) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(parameter.at("/schema/const").asText());
            }
        }
        return path + query;
    }
}
