// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An application that signs its requests.
 *
 * @param base of all URLs, without a slash at the end
 */
public record Api(String base, String project, Signer signer) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    public record Answer(int status, JsonObject body) {
        public String error() {
            return body.getString("error_code");
        }

        public String reason() {
            return body.getString("reason");
        }
    }

    public Answer get(String path) {
        return call("GET", path, "");
    }

    @CanIgnoreReturnValue
    public Answer post(String path, JsonObject body) {
        return call("POST", path, body.encode());
    }

    public Answer put(String path, JsonObject body) {
        return call("PUT", path, body.encode());
    }

    public Answer delete(String path) {
        return call("DELETE", path, "");
    }

    /** @param path after {@code /v5/iot/{project}} */
    public Answer call(String method, String path, String body) {
        return call(method, path, body, Map.of());
    }

    public Answer call(String method, String path, String body, Map<String, String> headers) {
        try {
            return answer(CLIENT.send(request(method, path, body, headers), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    public CompletableFuture<Answer> later(String method, String path, String body) {
        return CLIENT.sendAsync(request(method, path, body, Map.of()), BodyHandlers.ofString())
                .thenApply(Api::answer);
    }

    public CompletableFuture<Answer> command(String device) {
        JsonObject command = new JsonObject().put("paras", new JsonObject().put("value", "ON"));
        return later("POST", "/devices/" + device + "/commands", command.encode());
    }

    /** Sends a message and waits for the answer, as long as it takes. */
    @CanIgnoreReturnValue
    public Answer message(String device, JsonObject body) {
        return post("/devices/" + device + "/messages", body);
    }

    /** The message as it is now, with its timeline. */
    public JsonObject shownMessage(String device, String id) {
        return get("/devices/" + device + "/messages/" + id + "?timeline=true").body();
    }

    /** A product of the given id with the service WaterMeter of {@link Models}. */
    @CanIgnoreReturnValue
    public Answer createProduct(String id) {
        return post("/products", Models.waterMeter(id));
    }

    @CanIgnoreReturnValue
    public Answer createDevice(String product, String node, String secret) {
        return post(
                "/devices",
                new JsonObject()
                        .put("product_id", product)
                        .put("node_id", node)
                        .put("auth_info", new JsonObject().put("secret", secret)));
    }

    private HttpRequest request(String method, String path, String body, Map<String, String> headers) {
        URI uri = URI.create(base + "/v5/iot/" + project + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        signer.plain(method, uri, body, Instant.now(), headers).forEach(request::header);
        return request.build();
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(
                response.statusCode(), response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body()));
    }
}
