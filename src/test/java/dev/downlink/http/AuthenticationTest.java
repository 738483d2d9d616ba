// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.DeviceId;
import dev.downlink.protocol.DeviceRequest.DeleteDevice;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Notice;
import dev.downlink.support.Signer;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed requests: northbound §8.1 and §8.2. */
class AuthenticationTest {
    private static final String DEVICE = "/v5/iot/p1/devices/d1";

    private final Api api = new Api(1, 100);

    @BeforeEach
    void answer() {
        api.fake(_ -> Done.DONE);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void plainFormIsTaken() {
        assertThat(api.delete(DEVICE).status()).isEqualTo(204);
    }

    @Test
    void keyIsRememberedUntilTheRegistryForgetsIt() {
        try (Api one = new Api(1, 100)) {
            one.fake(_ -> Done.DONE);
            int first = one.delete(DEVICE).status();
            int second = one.delete(DEVICE).status();
            int asked = one.keysAsked.get();
            one.keyIsGone = true;

            one.bus.publishHere(new Notice.Forgotten(new Notice.AccountsChanged()));

            // the notice is on its way to the thread of the room
            await().until(() -> one.delete(DEVICE).status() == 401);
            assertThat(List.of(first, second, asked)).containsExactly(204, 204, 1);
        }
    }

    @Test
    void otherChangesLeaveTheKeyAlone() {
        try (Api one = new Api(1, 100)) {
            one.fake(_ -> Done.DONE);
            var _ = one.delete(DEVICE);

            one.bus.publishHere(new Notice.Forgotten(new Notice.DeviceChanged(new DeviceId("d"))));

            assertThat(one.delete(DEVICE).status()).isEqualTo(204);
            assertThat(one.keysAsked).hasValue(1);
        }
    }

    @Test
    void derivedFormIsTaken() {
        assertThat(api.send(
                                "DELETE",
                                DEVICE,
                                null,
                                Api.SIGNER.derived("DELETE", api.uri(DEVICE), "", api.now, "cn-north-4"))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void moreSignedHeadersAreTaken() {
        Map<String, String> headers =
                Map.of("Instance-Id", "i1", "X-Project-Id", "p1", "X-Security-Token", "t", "X-Auth-Token", "garbage");

        assertThat(api.signed("DELETE", DEVICE, null, headers).status()).isEqualTo(204);
    }

    @Test
    void queryWithEverySpecialCharacterIsTaken() {
        Api.Reply reply = api.delete(DEVICE + "?x=wa%20ter%2F%2B%7E*%3D%26%E4%B8%AD&a=+&empty&b=%2A");

        assertThat(reply.status()).isEqualTo(204);
    }

    @Test
    void requestWithoutProofIs401() {
        Api.Reply reply = api.send("DELETE", DEVICE, null, Map.of());

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.code()).isEqualTo("IOTDA.000002");
        assertThat(reply.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(api.asked).isEmpty();
    }

    @Test
    void wrongSecretKeyIs401() {
        Signer wrong = new Signer("AK", "other");

        refused(wrong.plain("DELETE", api.uri(DEVICE), "", api.now, Map.of()), "the signature does not match");
    }

    @Test
    void unknownAccessKeyIs401() {
        Signer wrong = new Signer("UNKNOWN", "SK");

        refused(wrong.plain("DELETE", api.uri(DEVICE), "", api.now, Map.of()), "the access key is unknown");
    }

    @Test
    void signatureOfAnotherPathIs401() {
        refused(
                Api.SIGNER.plain("DELETE", api.uri("/v5/iot/p1/devices/d2"), "", api.now, Map.of()),
                "the signature does not match");
    }

    @ParameterizedTest
    @ValueSource(longs = {-901, 901})
    void staleDateIs401(long offset) {
        refused(
                Api.SIGNER.plain("DELETE", api.uri(DEVICE), "", api.now.plusSeconds(offset), Map.of()),
                "X-Sdk-Date is more than 900 s off");
    }

    @Test
    void unknownAlgorithmIs401() {
        refused(Map.of("Authorization", "Bearer abc"), "the algorithm must be");
    }

    @Test
    void changedBodyIs401() {
        URI uri = api.uri(DEVICE);
        Map<String, String> headers = Api.SIGNER.plain("PUT", uri, "{}", api.now, Map.of());

        Api.Reply reply = api.send("PUT", DEVICE, "{ }", headers);

        assertThat(reply.status()).isEqualTo(401);
        assertThat(api.asked).isEmpty();
    }

    @Test
    void proofIsCheckedBeforeTheBodyIsRead() {
        String huge = "x".repeat(2 * Api.MAX_BODY);

        Api.Reply reply = api.send("PUT", DEVICE, huge, Map.of());

        assertThat(reply.status()).isEqualTo(401);
    }

    @Test
    void projectOfAnotherKeyIs403() {
        Api.Reply reply = api.delete("/v5/iot/p2/devices/d1");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("IOTDA.000022");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void projectThatTheClientDidNotFillInIsNamed() {
        Api.Reply reply = api.delete("/v5/iot/%7Bproject_id%7D/devices/d1");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("project_id was not filled in by the client.");
    }

    @Test
    void invalidProjectIdIsInvalid() {
        Api.Reply reply = api.delete("/v5/iot/p%20/devices/d1");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("project_id ");
    }

    @Test
    void manyWrongSignaturesLockTheKeyAtThatAddressForAMinute() {
        Map<String, String> wrong = new Signer("AK", "other").plain("DELETE", api.uri(DEVICE), "", api.now, Map.of());
        for (int i = 0; i < Authentication.MAX_FAILED_SIGNATURES; i++) {
            assertThat(api.send("DELETE", DEVICE, null, wrong).status()).isEqualTo(401);
        }

        Api.Reply locked = api.delete(DEVICE);
        api.now = api.now.plus(Duration.ofMinutes(1));
        Api.Reply later = api.delete(DEVICE);

        assertThat(locked.status()).isEqualTo(403);
        assertThat(locked.code()).isEqualTo("IOTDA.000023");
        assertThat(later.status()).isEqualTo(204);
    }

    @Test
    void wrongSignaturesWithOneKeyDoNotLockOthersOfThatAddress() {
        Map<String, String> wrong =
                new Signer("ANOTHER", "other").plain("DELETE", api.uri(DEVICE), "", api.now, Map.of());
        for (int i = 0; i < 2 * Authentication.MAX_FAILED_SIGNATURES; i++) {
            assertThat(api.send("DELETE", DEVICE, null, wrong).status()).isBetween(401, 403);
        }

        assertThat(api.delete(DEVICE).status()).isEqualTo(204);
    }

    @Test
    void aRightSignatureForgivesWrongOnes() {
        Map<String, String> wrong = new Signer("AK", "other").plain("DELETE", api.uri(DEVICE), "", api.now, Map.of());
        for (int i = 0; i < Authentication.MAX_FAILED_SIGNATURES - 1; i++) {
            assertThat(api.send("DELETE", DEVICE, null, wrong).status()).isEqualTo(401);
        }
        assertThat(api.delete(DEVICE).status()).isEqualTo(204);

        assertThat(api.send("DELETE", DEVICE, null, wrong).status()).isEqualTo(401);

        assertThat(api.delete(DEVICE).status()).isEqualTo(204);
    }

    @Test
    void requestReachesItsRoomWithItsProject() {
        var _ = api.delete(DEVICE);

        assertThat(api.asked(DeleteDevice.class).project()).isEqualTo(Api.PROJECT.id());
    }

    private void refused(Map<String, String> headers, String why) {
        Api.Reply reply = api.send("DELETE", DEVICE, null, new HashMap<>(headers));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.code()).isEqualTo("IOTDA.000002");
        assertThat(reply.message()).contains(why);
        assertThat(api.asked).isEmpty();
    }
}
