// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Secret;
import dev.downlink.support.Api;
import dev.downlink.support.Outcome;
import dev.downlink.support.TcpRelay;
import dev.downlink.support.TestDatabase;
import dev.downlink.support.TestGateway;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway while its database cannot be reached, and after. */
class DatabaseLossIT {
    private static final String SECRET = "a-device-secret";

    private TcpRelay wire;
    private TestGateway gateway;
    private Api api;

    @BeforeEach
    void start() {
        Secret database = TestDatabase.fresh();
        URI uri = URI.create(database.value());
        wire = new TcpRelay(uri.getHost(), uri.getPort());
        gateway = TestGateway.on(
                new Secret(database.value().replace(":" + uri.getPort() + "/", ":" + wire.port() + "/")));
        api = gateway.project("project");
        assertThat(api.createProduct("Meter").status()).isEqualTo(201);
        assertThat(api.createDevice("Meter", "1", SECRET).status()).isEqualTo(201);
        gateway.connect("Meter_1", SECRET);
        assertThat(api.command("Meter_1").join().status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        wire.join();
        gateway.close();
        wire.close();
    }

    @Test
    void requestThatNeedsTheDatabaseIsToldSo() {
        wire.cut();

        Api.Answer answer = api.get("/devices/Meter_1");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.reason()).isEqualTo("storage_unavailable");
    }

    @Test
    void commandsToConnectedDevicesGoOn() {
        wire.cut();

        Api.Answer answer = api.command("Meter_1").join();

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().getJsonObject("response")).isNotNull();
    }

    @Test
    void gatewayRecoversByItself() {
        wire.cut();
        assertThat(api.get("/devices/Meter_1").status()).isEqualTo(503);

        wire.join();

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(api.get("/devices/Meter_1").status()).isEqualTo(200));
    }

    @Test
    void endOfAConnectionIsWrittenWhenTheDatabaseIsBack() {
        var device = gateway.connect("Meter_1", SECRET);
        wire.cut();
        assertThat(api.get("/devices/Meter_1").status()).isEqualTo(503);
        Outcome.of(device.stop());

        wire.join();

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(api.get("/devices/Meter_1").body().getString("status"))
                                .isEqualTo("OFFLINE"));
    }
}
