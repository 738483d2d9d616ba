// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.support.Api;
import dev.downlink.support.Certificates;
import dev.downlink.support.Metrics;
import dev.downlink.support.TcpRelay;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that is told to use io_uring. Where that is not available, as in most containers, it has to do all the same with
 * what there is; so nothing here is skipped.
 */
class IoUringIT {
    private static final String SECRET = "a-device-secret";

    private static TestGateway gateway;
    private static Api api;

    @BeforeAll
    static void start(@TempDir Path files) {
        Certificates certificate = Certificates.selfSigned("localhost");
        gateway = TestGateway.start(
                "TRANSPORT",
                "io_uring",
                "MQTTS_PORT",
                "0",
                "MQTTS_CERTIFICATE",
                certificate.writeCertificate(files.resolve("server.pem")).toString(),
                "MQTTS_KEY",
                certificate.writeKey(files.resolve("server.key")).toString());
        api = gateway.project("project");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    @Test
    void whatIsUsedIsShown() {
        String used = Transport.IO_URING.available() ? "io_uring" : "epoll";

        Metrics metrics = Metrics.of(gateway.port("management"));

        assertThat(metrics.value("downlink_transport{transport=\"" + used + "\"}"))
                .isEqualTo(1);
    }

    @Test
    void commandGoesThereAndItsAnswerComesBack() {
        register("plain");
        try (TestDevice device = TestDevice.connect(gateway.port("mqtt"), "Meter_plain", SECRET)) {
            assertAnswered(device, "Meter_plain");
        }
    }

    @Test
    void commandGoesThereOverTls() {
        register("tls");
        try (TestDevice device = TestDevice.connectTls(gateway.port("mqtts"), "Meter_tls", SECRET)) {
            assertAnswered(device, "Meter_tls");
        }
    }

    private static void assertAnswered(TestDevice device, String id) {
        CompletableFuture<Api.Answer> call = api.command(id);
        device.answer(device.nextCommand(), "{\"result_code\":0}");

        assertThat(call.join().status()).isEqualTo(200);
    }

    @Test
    void messageWaitsForItsDevice() {
        register("late");
        String large = "x".repeat(200_000);
        assertThat(api.message("Meter_late", message("m1", "first")).status()).isEqualTo(201);
        assertThat(api.message("Meter_late", message("m2", large)).status()).isEqualTo(201);

        try (TestDevice device = TestDevice.connect(gateway.port("mqtt"), "Meter_late", SECRET)) {
            assertThat(content(device)).isEqualTo("first");
            assertThat(content(device)).isEqualTo(large);
            await().until(() -> status("m2").equals("DELIVERED"));
        }
    }

    private static JsonObject message(String id, String text) {
        return new JsonObject().put("message_id", id).put("message", text);
    }

    private static String content(TestDevice device) {
        return new JsonObject(device.nextText()).getString("content");
    }

    private static String status(String message) {
        return api.shownMessage("Meter_late", message).getString("status");
    }

    @Test
    void deviceThatIsCutOffIsOffLineAndMayComeBack() {
        register("cut");
        try (TcpRelay wire = new TcpRelay("127.0.0.1", gateway.port("mqtt"))) {
            TestDevice device = TestDevice.connect(wire.port(), "Meter_cut", SECRET);
            await().until(() -> shown("Meter_cut").equals("ONLINE"));

            wire.cut();

            await().until(() -> shown("Meter_cut").equals("OFFLINE"));
            await().until(() -> !device.isConnected());
        }
        try (TestDevice device = TestDevice.connect(gateway.port("mqtt"), "Meter_cut", SECRET)) {
            assertAnswered(device, "Meter_cut");
        }
    }

    private static String shown(String device) {
        return api.get("/devices/" + device).body().getString("status");
    }

    private static void register(String node) {
        assertThat(api.createDevice("Meter", node, SECRET).status()).isEqualTo(201);
    }
}
