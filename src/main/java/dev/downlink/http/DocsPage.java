// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The API's description as one page without scripts, which loads nothing. */
final class DocsPage {
    private static final String STYLE = """
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: light-dark(#0550ae, #79b8ff); }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; }
        h1, h2, h3 { line-height: 1.25; margin: 2rem 0 .5rem; }
        h2 { border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
        h3, code, pre { overflow-wrap: anywhere; }
        h4 { margin: 1rem 0 .25rem; }
        nav h4 { margin-top: 0; }
        p { margin: .5rem 0; }
        a { color: var(--link); }
        code, pre { font: .875em/1.45 ui-monospace, monospace; }
        pre { background: var(--soft); overflow-x: auto; padding: .75rem; border-radius: .375rem; }
        nav { columns: 19rem; }
        nav section { break-inside: avoid; }
        nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
        nav a { text-decoration: none; }
        nav li { padding: .2rem 0; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th, td { border-top: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
        td { overflow-wrap: anywhere; min-width: 6rem; }
        td b { font-size: .75rem; font-weight: 600; color: light-dark(#a40e26, #ff9aa5); }
        .method { display: inline-block; min-width: 3.75rem; padding: 0 .4rem; border-radius: .25rem; text-align: center;
          font: 700 .75rem/1.6 ui-monospace, monospace; color: #fff; background: #57606a; }
        .post { background: #1a7f37; } .put { background: #9a6700; } .delete { background: #b3261e; } .get { background: #0550ae; }
        """;

    private final ApiDocument document;
    private final JsonNode root;
    private final Html html = new Html();
    private final TypeTable types;

    DocsPage(ApiDocument document) {
        this.document = document;
        root = document.root();
        types = new TypeTable(document, html);
        write();
    }

    String html() {
        return html.toString();
    }

    /** The Content-Security-Policy that allows this page's own style and nothing else. */
    String policy() {
        return "default-src 'none'; style-src 'sha256-" + hash(STYLE)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private void write() {
        String title = root.at("/info/title").asText() + " API";
        html.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        html.raw("<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.element("title", title).raw("<style>" + STYLE + "</style>").close("head");
        html.open("body").open("header").element("h1", title);
        html.element("p", root.at("/info/summary").asText());
        html.open("p").text("For programs: ").element("a", "openapi.yaml", "href", "/openapi.yaml");
        html.text(", OpenAPI " + root.path("openapi").asText()).close("p").close("header");
        contents();
        html.open("main");
        html.element("h2", "Rules for every call")
                .prose(root.at("/info/description").asText());
        html.element("h2", "Who asks");
        root.at("/components/securitySchemes").properties().forEach(this::scheme);
        html.prose("In the examples `$GATEWAY` is " + root.at("/servers/0/url").asText() + " and `$TOKEN` is a token.");
        root.path("tags").forEach(this::tag);
        html.element("h2", "Errors", "id", "errors");
        errors();
        html.element("h2", "Types");
        types.namedTypes();
        html.close("main").close("body").close("html");
    }

    private void contents() {
        html.open("nav");
        for (JsonNode tag : root.path("tags")) {
            html.open("section").element("h4", tag.path("name").asText()).open("ul");
            for (Operation operation : operations(tag)) {
                html.open("li").open("a", "href", "#" + operation.id());
                method(operation);
                html.text(" " + operation.says("summary")).close("a").close("li");
            }
            html.close("ul").close("section");
        }
        html.close("nav");
    }

    private void scheme(Map.Entry<String, JsonNode> scheme) {
        JsonNode facts = scheme.getValue();
        html.open("h3").text("By " + scheme.getKey() + ": the header ");
        html.element("code", facts.path("name").asText()).close("h3");
        html.prose(facts.path("description").asText());
    }

    private void tag(JsonNode tag) {
        html.open("section").element("h2", tag.path("name").asText());
        html.prose(tag.path("description").asText());
        operations(tag).forEach(this::operation);
        html.close("section");
    }

    private void operation(Operation operation) {
        html.open("article", "id", operation.id()).element("h3", operation.says("summary"));
        html.open("p");
        method(operation);
        html.raw(" ").element("code", operation.path).close("p");
        html.prose(operation.says("description"));
        if (isOpen(operation)) {
            html.element("p", "Open to everybody.");
        }
        parameters(operation);
        body(operation);
        answers(operation);
        html.element("h4", "Example").element("pre", new CurlExample(document).of(operation));
        html.close("article");
    }

    private void method(Operation operation) {
        html.element("span", operation.name(), "class", "method " + operation.method);
    }

    private void parameters(Operation operation) {
        if (operation.parameters.isEmpty()) {
            return;
        }
        html.element("h4", "Parameters").open("div", "class", "wide").open("table");
        html.raw("<tr><th>name</th><th>in</th><th>type</th><th>meaning</th></tr>");
        for (JsonNode parameter : operation.parameters) {
            html.open("tr").open("td").element("code", parameter.path("name").asText());
            if (parameter.path("required").asBoolean()) {
                html.raw(" ").element("b", "mandatory");
            }
            html.close("td").element("td", parameter.path("in").asText()).open("td");
            types.type(parameter.path("schema"));
            html.close("td").open("td").line(types.meaning(parameter)).close("td");
            html.close("tr");
        }
        html.close("table").close("div");
    }

    private void body(Operation operation) {
        JsonNode body = operation.node.path("requestBody");
        if (!body.isMissingNode()) {
            html.element("h4", body.path("required").asBoolean() ? "Body" : "Body, which may be left out");
            types.fields(schema(body));
        }
    }

    private void answers(Operation operation) {
        html.element("h4", "Answers").open("div", "class", "wide").open("table");
        List<String> errors = new ArrayList<>();
        operation.node.path("responses").properties().forEach(response -> {
            if (response.getValue().has("$ref")) {
                errors.add(response.getKey());
            } else {
                html.open("tr").element("td", response.getKey()).open("td");
                html.line(response.getValue().path("description").asText());
                html.close("td").open("td");
                if (response.getValue().path("content").has("application/json")) {
                    types.type(schema(response.getValue()));
                }
                html.close("td").close("tr");
            }
        });
        html.close("table").close("div");
        html.open("p").element("a", "Errors", "href", "#errors").text(": " + String.join(", ", errors));
        html.close("p");
    }

    private void errors() {
        html.open("div", "class", "wide").open("table");
        html.raw("<tr><th>status</th><th>meaning</th><th>reason</th></tr>");
        for (Map.Entry<String, JsonNode> response :
                root.at("/components/responses").properties()) {
            JsonNode facts = response.getValue();
            html.open("tr").element("td", facts.path("x-status").asText()).open("td");
            html.line(facts.path("description").asText());
            html.close("td").open("td");
            List<String> reasons = TypeTable.texts(schema(facts).at("/allOf/1/properties/reason/enum"));
            html.text(String.join(", ", reasons)).close("td").close("tr");
        }
        html.close("table").close("div");
    }

    private static JsonNode schema(JsonNode message) {
        return message.path("content").path("application/json").path("schema");
    }

    private static boolean isOpen(Operation operation) {
        return operation.node.path("security").isArray()
                && operation.node.path("security").isEmpty();
    }

    private List<Operation> operations(JsonNode tag) {
        List<Operation> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                JsonNode node = operation.getValue();
                if (node.path("tags").path(0).asText().equals(tag.path("name").asText())) {
                    List<JsonNode> parameters = new ArrayList<>();
                    path.getValue().path("parameters").forEach(p -> parameters.add(document.resolve(p)));
                    node.path("parameters").forEach(p -> parameters.add(document.resolve(p)));
                    found.add(new Operation(operation.getKey(), path.getKey(), node, parameters));
                }
            }
        }
        return found;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * One operation.
     *
     * @param method in small letters
     * @param parameters its own and those of its path, resolved
     */
    record Operation(String method, String path, JsonNode node, List<JsonNode> parameters) {
        Operation {
            parameters = List.copyOf(parameters);
        }

        String name() {
            return method.toUpperCase(Locale.ROOT);
        }

        String id() {
            return says("operationId");
        }

        String says(String field) {
            return node.path(field).asText();
        }
    }
}
