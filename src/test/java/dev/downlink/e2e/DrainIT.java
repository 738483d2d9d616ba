// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.Metrics;
import dev.downlink.support.Signer;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A gateway that is stopped while calls are in hand: what becomes of them, and who still comes in. */
class DrainIT {
    private static final String SECRET = "a-device-secret";

    @Test
    void whatIsInHandEndsAndNothingNewComesIn() {
        TestGateway gateway = TestGateway.start();
        Api api = gateway.project("drain");
        api.createProduct("Drain");
        api.createDevice("Drain", "1", SECRET);
        api.createDevice("Drain", "2", SECRET);
        TestDevice device = TestDevice.connect(gateway.port("mqtt"), "Drain_1", SECRET);
        CompletableFuture<Api.Answer> call = api.command("Drain_1");
        String request = device.nextCommand();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);

        int management = gateway.port("management");
        await().until(() -> Metrics.get(management, "/health/ready").statusCode() == 503);
        assertThat(Metrics.get(management, "/health/ready").body()).contains("is stopping");
        assertThat(Metrics.get(management, "/health/live").statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThatThrownBy(() -> api.get("/devices"))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(ConnectException.class));
        assertThatThrownBy(() -> TestDevice.connect(gateway.port("mqtt"), "Drain_2", SECRET))
                .isNotInstanceOf(AssertionError.class);
        assertThat(device.isConnected()).isTrue();
        assertThat(stopped).isNotDone();

        device.answer(request, "{\"result_code\":0}");

        assertThat(call.join().status()).isEqualTo(200);
        stopped.join();
        await().until(() -> !device.isConnected());
    }

    @Test
    void aCallThatWasGivenLongerThanUsualIsToldOfTheStop() {
        TestGateway gateway = TestGateway.start("COMMANDS_TIMEOUT", "1s");
        Api api = gateway.project("long");
        api.createProduct("Long");
        api.createDevice("Long", "1", SECRET);
        try (TestDevice device = TestDevice.connect(gateway.port("mqtt"), "Long_1", SECRET);
                HttpClient client = HttpClient.newHttpClient()) {
            var call = client.sendAsync(longCall(api), HttpResponse.BodyHandlers.ofString());
            assertThat(device.nextCommand()).isNotEmpty();

            gateway.close();

            HttpResponse<String> answer = call.join();
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("shutting_down");
        }
    }

    /** A command whose device has a minute. */
    private static HttpRequest longCall(Api api) {
        URI uri = URI.create(api.base() + "/v5/iot/" + api.project() + "/devices/Long_1/commands");
        String body = "{\"paras\":{\"value\":\"ON\"}}";
        Signer signer = api.signer();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("X-Downlink-Timeout", "60")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        signer.plain("POST", uri, body, Instant.now(), Map.of()).forEach(request::header);
        return request.build();
    }
}
