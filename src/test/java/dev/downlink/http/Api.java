// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.config.Ports;
import dev.downlink.config.Settings;
import dev.downlink.model.AccessKey;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.CorrelatorRequest;
import dev.downlink.protocol.DeliveryRequest;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.PushRequest;
import dev.downlink.protocol.RegistryRequest;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.Request;
import dev.downlink.protocol.ShadowRequest;
import dev.downlink.support.Signer;
import dev.downlink.support.TestSettings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The real verticle, two instances of it, on a free port. Requests that reach a neighbour are kept; {@link #fake} answers them. */
final class Api implements AutoCloseable {
    static final Project PROJECT = new Project(new ProjectId("p1"), "demo", Instant.EPOCH);
    static final Project OTHER = new Project(new ProjectId("p2"), "other", Instant.EPOCH);
    static final Signer SIGNER = new Signer("AK", "SK");
    static final int MAX_BODY = 300 * 1024;
    private static final byte[] TOKEN_KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final Vertx vertx = Vertx.vertx();
    final Queue<Request<?>> asked = new ConcurrentLinkedQueue<>();
    final Bus bus = Bus.of(vertx);
    private final Ports ports = new Ports();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String deployment;
    private volatile Function<Request<?>, @Nullable Record> fake = _ -> null;
    final AtomicInteger keysAsked = new AtomicInteger();
    /** Whether the registry knows the key no more. */
    volatile boolean keyIsGone;

    volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    Api() {
        this(2, 100);
    }

    Api(int instances, int maxInHand) {
        answer(Address.REGISTRY, RegistryRequest.class);
        answer(Address.REPOSITORY, RepositoryRequest.class);
        answer(Address.CORRELATOR, CorrelatorRequest.class);
        answer(Address.DELIVERY, DeliveryRequest.class);
        answer(Address.SHADOW, ShadowRequest.class);
        answer(Address.PUSH, PushRequest.class);
        answer(Address.MQTT, AdapterRequest.class);
        Settings settings = settings(maxInHand);
        deployment = await(vertx.deployVerticle(
                () -> new HttpVerticle(settings, ports, TOKEN_KEY, () -> now),
                new DeploymentOptions().setInstances(instances)));
    }

    @SuppressWarnings("unchecked")
    private <Q extends Request<?>> void answer(Address address, Class<?> type) {
        await(bus.answer(address, (Class<Q>) type, 1000, q -> new Answer<>(reply(q))));
    }

    /** What a neighbour answers: a record, or a failure by throwing; null means that the key or account is meant. */
    void fake(Function<Request<?>, @Nullable Record> fake) {
        this.fake = fake;
    }

    /** Every neighbour fails in this way. */
    void fail(Failure failure) {
        fake = _ -> {
            throw new Failed(failure);
        };
    }

    private Future<Record> reply(Request<?> request) {
        if (request instanceof RegistryRequest.FindKey key) {
            keysAsked.incrementAndGet();
            return key.accessKey().equals(SIGNER.accessKey()) && !keyIsGone
                    ? Future.succeededFuture(new RegistryRequest.KeyOwner(
                            new AccessKey("AK", new Secret(SIGNER.secretKey()), PROJECT.id(), Instant.EPOCH), PROJECT))
                    : Future.failedFuture(new Failed(new Failure.NotFound("access key", key.accessKey())));
        }
        asked.add(request);
        @Nullable Record answer = fake.apply(request);
        if (answer instanceof Later later) {
            return later.answer();
        }
        return answer == null
                ? Future.failedFuture(new Failed(new Failure.NotFound("thing", "-")))
                : Future.succeededFuture(answer);
    }

    /** An answer that comes later. */
    record Later(Future<Record> answer) {}

    /** The only request that reached a neighbour. */
    <Q> Q asked(Class<Q> type) {
        return asked.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    Reply get(String path) {
        return signed("GET", path, null);
    }

    Reply delete(String path) {
        return signed("DELETE", path, null);
    }

    Reply post(String path, String body) {
        return signed("POST", path, body);
    }

    Reply put(String path, String body) {
        return signed("PUT", path, body);
    }

    /** As the SDK sends it: signed, bodies chunked. */
    Reply signed(String method, String path, @Nullable String body) {
        return signed(method, path, body, Map.of());
    }

    Reply signed(String method, String path, @Nullable String body, Map<String, String> headers) {
        return send(method, path, body, SIGNER.plain(method, uri(path), body == null ? "" : body, now, headers));
    }

    Reply send(String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).method(method, publisher).timeout(Duration.ofSeconds(20));
        headers.forEach(request::header);
        if (!headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        return send(request.build());
    }

    Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode body = response.body().isEmpty() ? MAPPER.nullNode() : MAPPER.readTree(response.body());
            return new Reply(response.statusCode(), body, response.body(), response.headers());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    int port() {
        return ports.taken().get("http");
    }

    /** Stops the verticle as the program does. */
    Future<Void> stop() {
        return vertx.undeploy(deployment);
    }

    @Override
    public void close() {
        client.close();
        await(vertx.close());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    static Settings settings(int maxInHand) {
        return TestSettings.of(
                "HTTP_PORT",
                "0",
                "HTTP_MAX_BODY",
                String.valueOf(MAX_BODY),
                "HTTP_MAX_IN_HAND",
                String.valueOf(maxInHand),
                "SECURITY_MAX_FAILED_PASSWORDS",
                "3");
    }

    /** @param json the body, a null node when it is empty */
    record Reply(int status, JsonNode json, String text, HttpHeaders headers) {
        String code() {
            return json.path("error_code").asText();
        }

        String message() {
            return json.path("error_msg").asText();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }
}
