// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRequest.CreateKey;
import dev.downlink.protocol.AccountRequest.DeleteKey;
import dev.downlink.simulator.SimulatedDevice;
import dev.downlink.support.Api;
import dev.downlink.support.GatewayProcess;
import dev.downlink.support.Outcome;
import dev.downlink.support.Signer;
import dev.downlink.support.TestDevice;
import dev.downlink.support.TestGateway;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two gateway processes are one gateway: it does not matter where an application calls and where a device is connected. */
class ClusterIT {
    private static final String SECRET = "a-device-secret";
    private static final String OK = "{\"result_code\":0,\"paras\":{\"done\":true}}";
    private static final int A = 0;
    private static final int B = 1;

    private static Pair pair;
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        pair = Pair.start();
        assertThat(pair.api(A).createProduct("Meter").status()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        Outcome.of(vertx.close());
        pair.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0"})
    void commandReachesADeviceAtTheOtherNode(int asked, int holder) {
        String id = device("far" + holder);
        try (TestDevice device = pair.connect(holder, id, SECRET)) {
            CompletableFuture<Api.Answer> call = pair.api(asked).command(id);
            device.answer(device.nextCommand(), OK);

            assertThat(call.join().body().getJsonObject("response")).isEqualTo(new JsonObject(OK));
        }
    }

    @Test
    void everyOneOfManyCallsGetsItsOwnAnswer() {
        List<SimulatedDevice> devices = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            devices.add(simulated(pair.mqtt(i % 2), device("many" + i)));
        }

        List<CompletableFuture<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String id = "Meter_many" + i % 10;
            String value = "call" + i;
            calls.add(later(pair.api(i % 3 % 2), id, value).thenApply(answer -> Load.isOwn(answer, id, value)));
        }

        assertThat(calls).allMatch(CompletableFuture::join);
        devices.forEach(device -> Outcome.of(device.stop()));
    }

    @Test
    void commandReachesASubDeviceThroughAGatewayAtTheOtherNode() {
        String gateway = device("gateway");
        JsonObject body = new JsonObject()
                .put("product_id", "Meter")
                .put("node_id", "sub")
                .put("gateway_id", gateway);
        assertThat(pair.api(A).post("/devices", body).status()).isEqualTo(201);
        try (TestDevice device = pair.connect(B, gateway, SECRET)) {
            CompletableFuture<Api.Answer> call = pair.api(A).command("Meter_sub");
            device.answer(device.nextCommand(), OK);

            assertThat(call.join().body().getJsonObject("response")).isEqualTo(new JsonObject(OK));
        }
    }

    @Test
    void deviceThatMovesTakesItsCallsWithIt() {
        String id = device("moves");
        try (TestDevice before = pair.connect(A, id, SECRET)) {
            CompletableFuture<Api.Answer> inFlight = pair.api(A).command(id);
            String request = before.nextCommand();
            try (TestDevice after = pair.connect(B, id, SECRET)) {
                await().until(() -> !before.isConnected());
                CompletableFuture<Api.Answer> next = pair.api(A).command(id);
                after.answer(after.nextCommand(), OK);
                after.answer(request, OK);

                assertThat(next.join().status()).isEqualTo(200);
                assertThat(inFlight.join().body().getString("command_id")).isEqualTo(request);
                assertThat(next.join().body().getJsonObject("response")).isEqualTo(new JsonObject(OK));
                assertThat(status(A, id)).isEqualTo("ONLINE");
            }
        }
    }

    @Test
    void killedNodeLosesItsDevicesToTheOther() {
        String id = device("orphan");
        TestDevice orphan = pair.connect(B, id, SECRET);
        CompletableFuture<Api.Answer> inFlight = pair.api(A).command(id);
        assertThat(orphan.nextCommand()).isNotEmpty();
        CompletableFuture<Api.Answer> behind = pair.api(A).command(id);
        orphan.answer(orphan.nextCommand(), OK);
        assertThat(behind.join().status()).isEqualTo(200);

        pair.node(B).kill();
        try {
            CompletableFuture<Api.Answer> next = pair.api(A).command(id);
            await().until(() -> status(A, id).equals("OFFLINE"));

            assertThat(pair.api(A).command(id).join().error()).isEqualTo("IOTDA.014016");
            assertThat(inFlight.join().error()).isEqualTo("IOTDA.014111");
            assertThat(inFlight.join().body().getString("error_msg")).contains("connection of the device was lost");
            assertThat(next.join().error()).isIn("IOTDA.014111", "IOTDA.014016", "IOTDA.900301");
            try (TestDevice back = pair.connect(A, id, SECRET)) {
                CompletableFuture<Api.Answer> answered = pair.api(A).command(id);
                back.answer(back.nextCommand(), OK);
                assertThat(answered.join().status()).isEqualTo(200);
            }
        } finally {
            pair.startAgain(B);
        }
    }

    @Test
    void restartOfOneAfterTheOtherGivesNoWrongAnswer() {
        try (Balancer balancer = new Balancer(pair.mqtt(A), pair.mqtt(B))) {
            List<String> ids = new ArrayList<>();
            List<SimulatedDevice> devices = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ids.add(device("rolling" + i));
                devices.add(simulated(balancer.port(), ids.get(i)));
            }
            Load load = Load.start(pair.api(A), pair.api(B), ids);
            load.awaitAnswers();

            for (int node : new int[] {A, B}) {
                assertThat(pair.node(node).stop()).isZero();
                load.awaitAnswers();
                pair.startAgain(node);
                load.awaitAnswers();
            }
            load.awaitAnswersOfAll();
            load.stop();

            assertThat(load.wrong()).isEmpty();
            assertThat(load.errors())
                    .isSubsetOf(
                            "IOTDA.014016",
                            "IOTDA.014111",
                            "IOTDA.900301",
                            "IOTDA.900303",
                            "IOTDA.900305",
                            "IOTDA.900306");
            devices.forEach(device -> Outcome.of(device.stop()));
        }
    }

    @Test
    void frozenDeviceIsFrozenAtTheOtherNode() {
        String id = device("frozen");
        try (TestDevice device = pair.connect(B, id, SECRET)) {
            CompletableFuture<Api.Answer> warm = pair.api(B).command(id);
            device.answer(device.nextCommand(), OK);
            assertThat(warm.join().status()).isEqualTo(200);

            assertThat(pair.api(A)
                            .post("/devices/" + id + "/freeze", new JsonObject())
                            .status())
                    .isEqualTo(204);

            await().until(() -> !device.isConnected());
            await().until(() ->
                    "device_frozen".equals(pair.api(B).command(id).join().reason()));
            assertThatThrownBy(() -> pair.connect(B, id, SECRET)).isInstanceOf(Mqtt5ConnAckException.class);
        }
    }

    @Test
    void newSecretCountsAtTheOtherNode() {
        String id = device("secret");
        pair.connect(B, id, SECRET).close();

        JsonObject change = new JsonObject().put("secret", "another-secret");
        assertThat(pair.api(A)
                        .post("/devices/" + id + "/action?action_id=resetSecret", change)
                        .status())
                .isEqualTo(200);

        await().ignoreExceptionsInstanceOf(Mqtt5ConnAckException.class)
                .untilAsserted(() -> pair.connect(B, id, "another-secret").close());
        assertThatThrownBy(() -> pair.connect(B, id, SECRET)).isInstanceOf(Mqtt5ConnAckException.class);
    }

    @Test
    void newModelCountsAtTheOtherNode() {
        assertThat(pair.api(A).createProduct("Changing").status()).isEqualTo(201);
        assertThat(pair.api(A).createDevice("Changing", "1", SECRET).status()).isEqualTo(201);
        assertThat(modelled(pair.api(B), "ON_OFF").error()).isEqualTo("IOTDA.014016");

        JsonObject service = new JsonObject()
                .put("service_id", "WaterMeter")
                .put("service_type", "Water")
                .put("commands", new JsonArray().add(new JsonObject().put("command_name", "RESET")));
        JsonObject change = new JsonObject().put("service_capabilities", new JsonArray().add(service));
        assertThat(pair.api(A).put("/products/Changing", change).status()).isEqualTo(200);

        await().until(() ->
                !"IOTDA.014016".equals(modelled(pair.api(B), "ON_OFF").error()));
        assertThat(modelled(pair.api(B), "RESET").error()).isEqualTo("IOTDA.014016");
    }

    @Test
    void keyThatAThirdNodeDeletesIsRefusedByTheFirstTwo() {
        List<String> settings = pair.settings();
        try (TestGateway third = TestGateway.on(pair.database(), settings.toArray(String[]::new))) {
            var key = third.gateway()
                    .ask(new CreateKey(new ProjectId(GatewayProcess.PROJECT), null, null))
                    .key();
            Signer signer = new Signer(key.id(), key.secret().value());
            List<Api> apis = List.of(
                    new Api(pair.api(A).base(), GatewayProcess.PROJECT, signer),
                    new Api(pair.api(B).base(), GatewayProcess.PROJECT, signer));
            assertThat(apis).allMatch(api -> api.get("/products").status() == 200);

            var _ = third.gateway().ask(new DeleteKey(key.id()));

            await().untilAsserted(() ->
                    assertThat(apis).allMatch(api -> api.get("/products").status() == 401));
        }
    }

    private static Api.Answer modelled(Api api, String command) {
        JsonObject body = new JsonObject()
                .put("service_id", "WaterMeter")
                .put("command_name", command)
                .put("paras", command.equals("RESET") ? new JsonObject() : new JsonObject().put("value", "ON"));
        return api.post("/devices/Changing_1/commands", body);
    }

    private static String device(String node) {
        assertThat(pair.api(A).createDevice("Meter", node, SECRET).status()).isEqualTo(201);
        return "Meter_" + node;
    }

    private static SimulatedDevice simulated(int port, String id) {
        SimulatedDevice device = new SimulatedDevice(
                vertx,
                new SimulatedDevice.Gate("127.0.0.1", port),
                new DeviceId(id),
                new Secret(SECRET),
                InstantSource.system());
        Outcome.of(device.start());
        return device;
    }

    private static CompletableFuture<Api.Answer> later(Api api, String device, String value) {
        return api.later("POST", "/devices/" + device + "/commands", Load.command(value));
    }

    private static String status(int node, String id) {
        return pair.api(node).get("/devices/" + id).body().getString("status");
    }
}
