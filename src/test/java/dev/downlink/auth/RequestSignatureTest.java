// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.auth.SignedRequest.Pair;
import dev.downlink.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected signatures were computed by another program (Python's hmac and urllib) from the formulas of northbound §8.2. */
class RequestSignatureTest {
    private static final Secret KEY = new Secret("secret-key-of-the-example");
    private static final String BODY =
            "{\"service_id\":\"WaterMeter\",\"command_name\":\"SET\",\"paras\":{\"value\":1}}";
    private static final String ODD = "wa ter/+~*=&中";

    private final Map<String, String> headers = new HashMap<>(Map.of(
            "host", "127.0.0.1:8080",
            "user-agent", "huaweicloud-usdk-java/3.0",
            "x-project-id", "p1",
            "x-sdk-date", "20260102T030405Z"));
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final RequestSignature signature = new RequestSignature(Duration.ofMinutes(15), () -> now);

    private final SignedRequest command =
            new SignedRequest("POST", List.of("v5", "iot", "p1", "devices", "d1", "commands"), List.of(), headers::get);

    @Test
    void commandInBothForms() {
        accepts(plain("969d1b8f9c3a882005675f86e0ee47ca68abf87e128d8057dc935760ddef9ae7"), command, BODY);
        accepts(derived("a242f8efc9db9700bd24fa7ab5e8ed252004aea20a2af801164116aa8e5b4d02"), command, BODY);
    }

    @Test
    void queryIsSortedAndEncodedAnew() {
        SignedRequest request = new SignedRequest(
                "GET",
                List.of("v5", "iot", "p1", "products"),
                List.of(new Pair("product_name", ODD), new Pair("limit", "10"), new Pair("app_id", "")),
                headers::get);

        accepts(plain("3e4431392713b67cd6a2413b7e6e90e79159096adc87e84d4efc73a244029a9e"), request, "");
        accepts(derived("d0c183441113c8c2a3d7a18f0ad4e122299967e9473f2312ea5cb4f87d06f4b5"), request, "");
    }

    @Test
    void pathSegmentsAreEncodedAnew() {
        SignedRequest request =
                new SignedRequest("GET", List.of("v5", "iot", "p1", "devices", ODD), List.of(), headers::get);

        accepts(plain("e7e3c85a0ebf21e246d0b2b485a578a5057ff9d811ad843100930fcd67f66e62"), request, "");
        accepts(derived("e7a032d8bd33810e2ac0e28ef30551abaa968fe519ae17be5b2be7bb5dc860cc"), request, "");
    }

    @Test
    void valuesOfOneNameKeepTheirOrder() {
        SignedRequest request = new SignedRequest(
                "GET",
                List.of("v5", "iot", "p1", "products"),
                List.of(new Pair("a", "2"), new Pair("a", "1")),
                headers::get);

        accepts(plain("7210301738151c0e709d822a5e70a1cff0eb399ed48822bc5abc219f14745457"), request, "");
    }

    @Test
    void unsignedPayloadLeavesTheBodyOut() {
        headers.put("x-sdk-content-sha256", "UNSIGNED-PAYLOAD");
        SignedRequest request =
                new SignedRequest("POST", List.of("v5", "iot", "p1", "batchtask-files"), List.of(), headers::get);
        SignatureClaim claim = SignatureClaim.parse("SDK-HMAC-SHA256 Access=AKEXAMPLE,"
                + " SignedHeaders=host;user-agent;x-project-id;x-sdk-content-sha256;x-sdk-date,"
                + " Signature=60cf1b536652e9dc617bc7251f41f67f633141a4c1542acf4b851c3f1d3fa4f3");

        accepts(claim, request, "whatever the body is");
    }

    @Test
    void contentHashThatIsNotTheBodysIsRefused() {
        headers.put("x-sdk-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

        assertThatThrownBy(() -> signature.check(plain("00"), KEY, command, bytes(BODY)))
                .isInstanceOf(NotAuthentic.class)
                .hasMessageContaining("X-Sdk-Content-Sha256");
    }

    @Test
    void otherBodyIsRefused() {
        SignatureClaim claim = plain("969d1b8f9c3a882005675f86e0ee47ca68abf87e128d8057dc935760ddef9ae7");

        refuses(claim, command, BODY + " ");
    }

    @Test
    void otherMethodPathQueryOrHeaderIsRefused() {
        SignatureClaim claim = plain("969d1b8f9c3a882005675f86e0ee47ca68abf87e128d8057dc935760ddef9ae7");

        refuses(claim, new SignedRequest("PUT", command.segments(), List.of(), headers::get), BODY);
        refuses(claim, new SignedRequest("POST", List.of("v5"), List.of(), headers::get), BODY);
        refuses(claim, new SignedRequest("POST", command.segments(), List.of(new Pair("a", "")), headers::get), BODY);
        headers.put("host", "127.0.0.1:8081");
        refuses(claim, command, BODY);
    }

    @Test
    void derivedKeyFollowsAChangedSecretKey() {
        SignatureClaim claim = derived("a242f8efc9db9700bd24fa7ab5e8ed252004aea20a2af801164116aa8e5b4d02");
        accepts(claim, command, BODY);

        assertThatThrownBy(() -> signature.check(claim, new Secret("another"), command, bytes(BODY)))
                .isInstanceOf(NotAuthentic.class);
    }

    @ParameterizedTest
    @CsvSource({"-900,true", "900,true", "-901,false", "901,false"})
    void clockWindowIsFifteenMinutesEitherWay(long offset, boolean fine) {
        now = now.plusSeconds(offset);

        if (fine) {
            assertThatCode(() -> signature.checkHeaders(plain("00"), command)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> signature.checkHeaders(plain("00"), command))
                    .isInstanceOf(NotAuthentic.class)
                    .hasMessageContaining("900 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20260102", "2026-01-02T03:04:05Z"})
    void dateThatIsNoneIsRefused(String date) {
        headers.put("x-sdk-date", date);

        assertThatThrownBy(() -> signature.checkHeaders(plain("00"), command)).isInstanceOf(NotAuthentic.class);
    }

    @Test
    void missingSignedHeaderIsRefused() {
        headers.remove("x-project-id");

        assertThatThrownBy(() -> signature.checkHeaders(plain("00"), command))
                .isInstanceOf(NotAuthentic.class)
                .hasMessage("the header x-project-id is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer abc",
                "SDK-HMAC-SHA256",
                "SDK-HMAC-SM3 Access=a, SignedHeaders=host, Signature=00",
                "SDK-HMAC-SHA256 SignedHeaders=host, Signature=00",
                "SDK-HMAC-SHA256 Access=, SignedHeaders=host, Signature=00",
                "SDK-HMAC-SHA256 Access=a, Signature=00",
                "SDK-HMAC-SHA256 Access=a, SignedHeaders=host",
                "V11-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=00",
                "V11-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=00"
            })
    void authorizationThatCannotBeReadIsRefused(String header) {
        assertThatThrownBy(() -> SignatureClaim.parse(header)).isInstanceOf(NotAuthentic.class);
    }

    private void accepts(SignatureClaim claim, SignedRequest request, String body) {
        assertThatCode(() -> {
                    signature.checkHeaders(claim, request);
                    signature.check(claim, KEY, request, bytes(body));
                })
                .doesNotThrowAnyException();
    }

    private void refuses(SignatureClaim claim, SignedRequest request, String body) {
        assertThatThrownBy(() -> signature.check(claim, KEY, request, bytes(body)))
                .isInstanceOf(NotAuthentic.class)
                .hasMessage("the signature does not match");
    }

    private static SignatureClaim plain(String hex) {
        return SignatureClaim.parse("SDK-HMAC-SHA256 Access=AKEXAMPLE,"
                + " SignedHeaders=host;user-agent;x-project-id;x-sdk-date, Signature=" + hex);
    }

    private static SignatureClaim derived(String hex) {
        return SignatureClaim.parse("V11-HMAC-SHA256 Credential=AKEXAMPLE/20260102/cn-north-4/iotdm,"
                + " SignedHeaders=host;user-agent;x-project-id;x-sdk-date, Signature=" + hex);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
