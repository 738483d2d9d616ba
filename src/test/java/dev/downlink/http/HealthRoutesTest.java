// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.config.Ports;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RepositoryRequest;
import dev.downlink.protocol.SessionRows.Whereabouts;
import dev.downlink.telemetry.Readiness;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
    @Test
    void liveNeedsNobody() {
        try (Api api = new Api()) {
            Api.Reply reply = api.send("GET", "/health/live", null, Map.of());

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).isEqualTo("{\"status\":\"UP\"}");
        }
    }

    @Test
    void readyWhenAllRoomsAnswer() {
        try (Api api = new Api()) {
            api.fake(q -> q instanceof RepositoryRequest<?> ? new Whereabouts(null) : null);

            assertThat(api.send("GET", "/health/ready", null, Map.of()).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void notReadyWithoutTheDatabase() {
        try (Api api = new Api()) {
            api.fake(q -> {
                if (q instanceof RepositoryRequest<?>) {
                    throw new Failed(new Failure.StorageUnavailable());
                }
                return null;
            });

            Api.Reply reply = api.send("GET", "/health/ready", null, Map.of());

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(reply.text())
                    .isEqualTo("{\"status\":\"DOWN\",\"down\":{\"repository\":\"cannot reach the database\"}}");
        }
    }

    @Test
    void notReadyFromTheBeginningOfAStop() {
        try (Api api = new Api()) {
            api.fake(q -> q instanceof RepositoryRequest<?> ? new Whereabouts(null) : null);

            Readiness.of(api.vertx).stop();

            Api.Reply reply = api.send("GET", "/health/ready", null, Map.of());
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.text()).contains("is stopping");
            assertThat(api.send("GET", "/health/live", null, Map.of()).status()).isEqualTo(200);
        }
    }

    @Test
    void notReadyWithoutTheRooms() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Ports ports = new Ports();
            var _ = Api.await(vertx.deployVerticle(
                    new HttpVerticle(Api.settings(10), ports, new byte[32], InstantSource.system())));
            URI uri = URI.create("http://127.0.0.1:" + ports.taken().get("http") + "/health/ready");

            HttpResponse<String> reply =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(reply.statusCode()).isEqualTo(503);
            assertThat(reply.body()).contains("repository", "registry", "correlator", "mqtt");
        } finally {
            Api.await(vertx.close());
        }
    }
}
