// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DocsRoutesTest {
    private final Api api = new Api();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
        api.close();
    }

    @Test
    void theDocumentIsServedAsItIsWritten() throws IOException, InterruptedException {
        HttpResponse<String> reply = get("/openapi.yaml");

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/yaml");
        try (InputStream file = DocsRoutesTest.class.getResourceAsStream("/openapi.yaml")) {
            assertThat(reply.body()).isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void thePageShowsEveryOperation() throws IOException, InterruptedException {
        HttpResponse<String> reply = get("/docs");

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(new OpenApi().operations())
                .allSatisfy(operation -> assertThat(reply.body())
                        .contains("<article id=\"" + operation.id() + "\">")
                        .contains("<code>" + operation.path() + "</code>"));
    }

    @Test
    void everyLinkOfThePageLeadsSomewhere() throws IOException, InterruptedException {
        String page = get("/docs").body();

        List<String> links = found(page, "href=\"([^\"]*)\"");
        List<String> anchors = found(page, "id=\"([^\"]*)\"");
        assertThat(anchors).doesNotHaveDuplicates();
        assertThat(links)
                .contains("/openapi.yaml")
                .filteredOn(link -> !link.equals("/openapi.yaml"))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(anchors).contains(link.substring(1)));
    }

    @Test
    void thePageLoadsNothing() throws IOException, InterruptedException {
        String page = get("/docs").body();

        assertThat(page).doesNotContain("<script", "<link", "<img", "src=", "@import", "url(", "javascript:");
        assertThat(found(page, "href=\"([^\"]*)\"")).noneMatch(link -> link.contains("//"));
    }

    @Test
    void thePolicyAllowsOnlyThePagesOwnStyle() throws Exception {
        HttpResponse<String> reply = get("/docs");

        String style = found(reply.body(), "(?s)<style>(.*)</style>").getFirst();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
        assertThat(reply.headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; style-src 'sha256-"
                        + Base64.getEncoder().encodeToString(hash)
                        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    @Test
    void otherMethodsAreRefused() throws IOException, InterruptedException {
        for (String method : List.of("HEAD", "POST", "PUT", "DELETE")) {
            for (String path : List.of("/docs", "/openapi.yaml")) {
                HttpResponse<String> reply = send(method, path);

                assertThat(reply.statusCode()).as(method + " " + path).isEqualTo(405);
                assertThat(reply.headers().firstValue("Allow")).hasValue("GET");
            }
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(api.uri(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .toList();
    }
}
