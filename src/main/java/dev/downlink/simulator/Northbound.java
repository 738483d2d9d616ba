// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The REST API of a gateway, as far as the simulator needs it. */
public final class Northbound {
    private static final int CONNECTIONS = 16;

    private final HttpClient client;
    private final Gate gate;
    private final ProjectId project;
    private final Authority authority;

    /** Where the API is. */
    public record Gate(String host, int port) {
        /** The value of the header Host. */
        public String authority() {
            return host + ':' + port;
        }
    }

    /** @param token of the header X-Subject-Token */
    record Reply(int status, String body, Optional<String> token) {
        /** The code of an error answer; empty for any other. */
        Optional<String> errorCode() {
            return body.contains("\"error_code\"")
                    ? Optional.ofNullable(new JsonObject(body).getString("error_code"))
                    : Optional.empty();
        }
    }

    public Northbound(Vertx vertx, Gate gate, ProjectId project, Authority authority) {
        this.client = client(vertx);
        this.gate = gate;
        this.project = project;
        this.authority = authority;
    }

    private static HttpClient client(Vertx vertx) {
        return vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    /** Gets a token for the password of a user. */
    public static Future<Authority> login(Vertx vertx, Gate gate, ProjectId project, User user) {
        JsonObject body = new JsonObject()
                .put(
                        "auth",
                        new JsonObject()
                                .put("identity", user.identity())
                                .put(
                                        "scope",
                                        new JsonObject().put("project", new JsonObject().put("id", project.value()))));
        Northbound nobody = new Northbound(vertx, gate, project, new Authority.Nobody());
        return nobody.send(HttpMethod.POST, "/v3/auth/tokens", body)
                .map(reply -> reply.token()
                        .orElseThrow(
                                () -> new IllegalStateException("no token: " + reply.status() + ' ' + reply.body())))
                .<Authority>map(token -> new Authority.Token(new Secret(token)))
                .eventually(nobody::close);
    }

    /** Who logs in with a password. */
    public record User(String domain, String name, Secret password) {
        JsonObject identity() {
            JsonObject user = new JsonObject()
                    .put("name", name)
                    .put("password", password.value())
                    .put("domain", new JsonObject().put("name", domain));
            return new JsonObject()
                    .put("methods", new JsonArray().add("password"))
                    .put("password", new JsonObject().put("user", user));
        }
    }

    /** @param path below the project */
    Future<Reply> post(String path, JsonObject body) {
        return send(HttpMethod.POST, "/v5/iot/" + project + path, body);
    }

    /** @param path below the project */
    Future<Reply> put(String path, JsonObject body) {
        return send(HttpMethod.PUT, "/v5/iot/" + project + path, body);
    }

    private Future<Reply> send(HttpMethod method, String path, JsonObject body) {
        Buffer bytes = body.toBuffer();
        return client.request(method, gate.port(), gate.host(), path).compose(request -> {
            request.putHeader("Host", gate.authority()).putHeader("Content-Type", "application/json");
            authority.headers(method.name(), path, bytes.getBytes()).forEach(request::putHeader);
            return request.send(bytes).compose(Northbound::reply);
        });
    }

    private static Future<Reply> reply(HttpClientResponse response) {
        Optional<String> token = Optional.ofNullable(response.getHeader("X-Subject-Token"));
        return response.body().map(body -> new Reply(response.statusCode(), body.toString(), token));
    }

    public Future<Void> close() {
        return client.close();
    }
}
