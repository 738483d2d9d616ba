// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.Api;
import dev.downlink.support.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one project owns is invisible to another. */
class FencesIT {
    private static final String SECRET = "a-device-secret";
    private static final JsonObject NOTHING = new JsonObject();

    private static TestGateway gateway;
    private static Api owner;
    private static Api stranger;
    private static String space;

    @BeforeAll
    static void twoProjects() {
        gateway = TestGateway.start();
        owner = gateway.project("owner");
        stranger = gateway.project("stranger");
        space = owner.post("/apps", new JsonObject().put("app_name", "field"))
                .body()
                .getString("app_id");
        assertThat(owner.createProduct("Meter").status()).isEqualTo(201);
        assertThat(owner.createDevice("Meter", "1", SECRET).status()).isEqualTo(201);
        gateway.connect("Meter_1", SECRET);
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    static List<Arguments> callsOnOthersThings() {
        JsonObject name =
                new JsonObject().put("name", "mine").put("app_name", "mine").put("device_name", "mine");
        JsonObject command = new JsonObject().put("paras", new JsonObject());
        JsonObject topic = new JsonObject().put("topic", "t").put("operation", "all");
        return List.of(
                Arguments.of("GET", "/products/Meter", NOTHING, 404),
                Arguments.of("PUT", "/products/Meter", name, 404),
                Arguments.of("DELETE", "/products/Meter", NOTHING, 404),
                Arguments.of("GET", "/products/Meter/topics", NOTHING, 404),
                Arguments.of("POST", "/products/Meter/topics", topic, 404),
                Arguments.of("DELETE", "/products/Meter/topics/t", NOTHING, 404),
                Arguments.of("GET", "/devices/Meter_1", NOTHING, 404),
                Arguments.of("PUT", "/devices/Meter_1", name, 404),
                Arguments.of("DELETE", "/devices/Meter_1", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/freeze", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/unfreeze", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/action?action_id=resetSecret", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/reset-fingerprint", NOTHING, 404),
                Arguments.of("POST", "/devices/Meter_1/commands", command, 404),
                Arguments.of("GET", "/apps/SPACE", NOTHING, 403),
                Arguments.of("PUT", "/apps/SPACE", name, 403),
                Arguments.of("DELETE", "/apps/SPACE", NOTHING, 403));
    }

    @ParameterizedTest
    @MethodSource("callsOnOthersThings")
    void thingOfAnotherProjectDoesNotExist(String method, String path, JsonObject body, int status) {
        String text = method.equals("GET") || method.equals("DELETE") ? "" : body.encode();

        Api.Answer answer = stranger.call(method, path.replace("SPACE", space), text);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    }

    @Test
    void listsShowOnlyTheOwnProject() {
        assertThat(stranger.get("/products").body().getJsonArray("products")).isEmpty();
        assertThat(stranger.get("/devices").body().getJsonArray("devices")).isEmpty();
        assertThat(stranger.get("/apps").body().getJsonArray("applications")).hasSize(1);
        assertThat(owner.get("/devices").body().getJsonArray("devices")).hasSize(1);
    }

    @Test
    void projectOfTheKeyIsTheOnlyOneItOpens() {
        Api withTheWrongKey = new Api(owner.base(), owner.project(), stranger.signer());

        Api.Answer answer = withTheWrongKey.get("/devices/Meter_1");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error()).isEqualTo("IOTDA.000022");
    }

    @Test
    void productOfAnotherProjectCannotBeUsed() {
        assertThat(stranger.createDevice("Meter", "2", SECRET).status()).isEqualTo(404);
    }

    @Test
    void gatewayOfAnotherProjectCannotBeUsed() {
        Api other = gateway.project("other");
        assertThat(other.createProduct("Child").status()).isEqualTo(201);

        Api.Answer answer = other.post(
                "/devices",
                new JsonObject().put("product_id", "Child").put("node_id", "1").put("gateway_id", "Meter_1"));

        assertThat(answer.status()).as(answer.toString()).isBetween(400, 404);
    }

    @Test
    void ownerStillReachesItsDevice() {
        Api.Answer answer = owner.command("Meter_1").join();

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.body().getJsonObject("response").getInteger("result_code"))
                .isZero();
    }
}
