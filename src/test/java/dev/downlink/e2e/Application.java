// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import dev.downlink.support.Signer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;

/** An application that signs its requests, over plain HTTP. */
final class Application implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String endpoint;
    private final Signer signer;

    Application(int port, String accessKey, String secretKey) {
        endpoint = "http://127.0.0.1:" + port;
        signer = new Signer(accessKey, secretKey);
    }

    record Reply(int status, JsonObject body) {}

    Reply post(String path, JsonObject body) throws IOException, InterruptedException {
        return send("POST", path, body.encode());
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    @Override
    public void close() {
        http.close();
    }

    private Reply send(String method, String path, String body) throws IOException, InterruptedException {
        URI uri = URI.create(endpoint + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        signer.plain(method, uri, body, Instant.now(), Map.of()).forEach(request::setHeader);
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(
                response.statusCode(), response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body()));
    }
}
