// SPDX-License-Identifier: Apache-2.0
package dev.downlink.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.GatewayProcess;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the SDK proves who it is (northbound §8). */
@ExtendWith(Stage.Entrance.class)
class SignatureIT {
    private static final JsonObject NOTHING = new JsonObject();

    private final Stage stage;

    SignatureIT(Stage stage) {
        this.stage = stage;
    }

    @Test
    void plainSignatureIsAccepted() {
        JsonObject products =
                stage.call(stage.plainClient(), "listProducts", NOTHING).body(200);

        assertThat(products.getJsonArray("products")).isNotNull();
    }

    @Test
    void derivedSignatureIsAccepted() {
        JsonObject products =
                stage.call(stage.derivedClient(), "listProducts", NOTHING).body(200);

        assertThat(products.getJsonArray("products")).isNotNull();
    }

    @Test
    void instanceIdMayBeSigned() {
        JsonObject request = JsonObject.of("Instance-Id", "0a1b2c3d-instance", "limit", 1);

        assertThat(stage.call(stage.plainClient(), "listProducts", request).body(200))
                .isNotNull();
        assertThat(stage.call(stage.derivedClient(), "listProducts", request).body(200))
                .isNotNull();
    }

    @Test
    void queryWithEveryKindOfCharacterIsSignedAlike() {
        JsonObject request = JsonObject.of("product_name", "wa ter/+~*=&中%25");

        JsonObject products =
                stage.call(stage.derivedClient(), "listProducts", request).body(200);

        assertThat(products.getJsonArray("products")).isEmpty();
    }

    @Test
    void wrongSecretKeyIsRefused() {
        JsonObject client = stage.plainClient().put("secret_key", "not-the-secret-key");

        stage.call(client, "listProducts", NOTHING).failedWith(401, "IOTDA.000002");
    }

    @Test
    void wrongSecretKeyOfADerivedSignatureIsRefused() {
        JsonObject client = stage.derivedClient().put("secret_key", "not-the-secret-key");

        stage.call(client, "listProducts", NOTHING).failedWith(401, "IOTDA.000002");
    }

    @Test
    void unknownAccessKeyIsRefused() {
        JsonObject client = stage.plainClient().put("access_key", "NOBODY");

        stage.call(client, "listProducts", NOTHING).failedWith(401, "IOTDA.000002");
    }

    @Test
    void projectOfSomebodyElseIsRefused() {
        JsonObject client = stage.plainClient().put("project", "somebody-else");

        stage.call(client, "listProducts", NOTHING).failedWith(403, "IOTDA.000022");
    }

    @Test
    void projectIsLookedUpByTheNameOfTheRegion() {
        JsonObject client = withoutProject(stage.plainClient());

        JsonObject products = stage.call(client, "listProducts", NOTHING).body(200);

        assertThat(products.getJsonArray("products")).isNotNull();
    }

    @Test
    void projectIsLookedUpForDerivedSignaturesToo() {
        JsonObject client = withoutProject(stage.derivedClient());

        JsonObject products = stage.call(client, "listProducts", NOTHING).body(200);

        assertThat(products.getJsonArray("products")).isNotNull();
    }

    @Test
    void clientWithoutProjectAndRegionIsToldSo() {
        JsonObject client = stage.plainClient();
        client.remove("project");

        JsonObject error = stage.call(client, "listProducts", NOTHING).error();

        assertThat(error.getString("type")).isEqualTo("ClientRequestException");
        assertThat(error.getString("code")).startsWith("IOTDA.");
    }

    /** The SDK then asks IAM for a project with the region's id as its name. */
    private JsonObject withoutProject(JsonObject client) {
        client.remove("project");
        return client.put("region", GatewayProcess.PROJECT)
                .put("iam", stage.gateway().http());
    }
}
