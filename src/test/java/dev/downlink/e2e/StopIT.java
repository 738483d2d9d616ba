// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.Api;
import dev.downlink.support.GatewayProcess;
import dev.downlink.support.Signer;
import dev.downlink.support.TestDevice;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A gateway process that is asked to stop, and one that is killed. */
class StopIT {
    private static final String SECRET = "a-device-secret";

    @Test
    void callInHandEndsAndTheSessionIsHandedBack() {
        try (GatewayProcess gateway = GatewayProcess.start("stop", Map.of("COMMANDS_TIMEOUT", "3s"))) {
            Api api = api(gateway);
            api.createProduct("Stop");
            api.createDevice("Stop", "1", SECRET);
            TestDevice silent = TestDevice.connect(gateway.port("mqtt"), "Stop_1", SECRET);
            CompletableFuture<Api.Answer> call = api.command("Stop_1");
            assertThat(silent.nextCommand()).isNotEmpty();

            int code = gateway.stop();

            assertThat(code).isZero();
            assertThat(call.join().error()).isIn("IOTDA.014111", "IOTDA.900305");
        }
        try (GatewayProcess gateway = GatewayProcess.start("stop", Map.of())) {
            assertThat(api(gateway).get("/devices/Stop_1").body().getString("status"))
                    .isEqualTo("OFFLINE");
        }
    }

    @Test
    void killedGatewayKeepsWhatItPromised() {
        try (GatewayProcess gateway = GatewayProcess.start("kill", Map.of())) {
            Api api = api(gateway);
            api.createProduct("Kill");
            assertThat(api.createDevice("Kill", "1", SECRET).status()).isIn(201, 400);
            var _ = TestDevice.connect(gateway.port("mqtt"), "Kill_1", SECRET);
            assertThat(api.get("/devices/Kill_1").body().getString("status")).isEqualTo("ONLINE");

            gateway.kill();
        }
        try (GatewayProcess gateway = GatewayProcess.start("kill", Map.of())) {
            Api api = api(gateway);

            assertThat(api.get("/devices/Kill_1").body().getString("status")).isEqualTo("OFFLINE");
            assertThat(api.command("Kill_1").join().error()).isEqualTo("IOTDA.014016");
            TestDevice.connect(gateway.port("mqtt"), "Kill_1", SECRET).close();
        }
    }

    private static Api api(GatewayProcess gateway) {
        return new Api(
                gateway.http(),
                GatewayProcess.PROJECT,
                new Signer(GatewayProcess.ACCESS_KEY, GatewayProcess.SECRET_KEY));
    }
}
