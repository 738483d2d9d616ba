// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceProperties;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.CorrelatorRequest.GetProperties;
import dev.downlink.protocol.CorrelatorRequest.SetProperties;
import dev.downlink.protocol.Failure;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyRoutesTest {
    private static final String PATH = "/v5/iot/p1/devices/d1/properties";
    private static final String METER = PATH + "?service_id=WaterMeter";
    private static final String BODY =
            "{\"services\":[{\"service_id\":\"WaterMeter\",\"properties\":{\"level\":1.50}}]}";
    private static final RequestId ID = RequestId.next(7, 1);

    private final Api api = new Api();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void answerToASetIsPassedOnAsItCame() {
        answer("{\"result_code\":0,  \"result_desc\":\"success\"}");

        Api.Reply reply = api.put(PATH, BODY);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"request_id\":\"" + ID
                        + "\",\"response\":{\"result_code\":0,  \"result_desc\":\"success\"}}");
    }

    @Test
    void answerToAGetIsPassedOnAsItCame() {
        answer("{\"services\":[{\"service_id\":\"WaterMeter\", \"properties\":{\"level\":1.50}}]}");

        Api.Reply reply = api.get(METER);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"request_id\":\"" + ID + "\",\"response\":{\"services\":"
                        + "[{\"service_id\":\"WaterMeter\", \"properties\":{\"level\":1.50}}]}}");
    }

    @Test
    void setHasAllThatWasSent() {
        answer("null");

        var _ = api.signed("PUT", PATH, BODY, Map.of("X-Downlink-Timeout", "7"));

        assertThat(api.asked(SetProperties.class))
                .isEqualTo(new SetProperties(
                        new ProjectId("p1"),
                        new DeviceId("d1"),
                        List.of(new ServiceProperties("WaterMeter", Map.of("level", new BigDecimal("1.50")))),
                        Duration.ofSeconds(7)));
    }

    @Test
    void getHasAllThatWasSent() {
        answer("null");

        var _ = api.get(METER);

        assertThat(api.asked(GetProperties.class))
                .isEqualTo(new GetProperties(
                        new ProjectId("p1"), new DeviceId("d1"), "WaterMeter", Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | services",
                "{\"services\":null} | services",
                "{\"services\":[]} | services",
                "{\"services\":{}} | services",
                "{\"services\":[1]} | services[0]",
                "{\"services\":[{\"properties\":{}}]} | services[0].service_id",
                "{\"services\":[{\"service_id\":\"\",\"properties\":{}}]} | services[0].service_id",
                "{\"services\":[{\"service_id\":\"s\"}]} | services[0].properties",
                "{\"services\":[{\"service_id\":\"s\",\"properties\":[]}]} | services[0].properties",
                "{\"services\":[{\"service_id\":\"s\",\"properties\":{\"a\":1e999999999}}]} | services[0].properties.a"
            })
    void whatIsWrongIsNamedWithItsPlace(String body, String field) {
        Api.Reply reply = api.put(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.000006");
        assertThat(reply.message()).startsWith(field + " ");
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?service_id="})
    void getNeedsAService(String query) {
        Api.Reply reply = api.get(PATH + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("service_id is mandatory.");
    }

    @Test
    void namesOfServicesHaveALimit() {
        answer("null");
        String longest = "x".repeat(64);

        assertThat(api.get(PATH + "?service_id=" + longest).status()).isEqualTo(200);
        assertThat(api.get(PATH + "?service_id=" + longest + "x").message())
                .startsWith("service_id must not be longer than 64");
        assertThat(api.put(PATH, BODY.replace("WaterMeter", longest + "x")).message())
                .startsWith("services[0].service_id must not be longer than 64");
    }

    @Test
    void servicesHaveALimitInBytesOfJson() {
        answer("null");
        int room = 256 * 1024 - "[{\"service_id\":\"s\",\"properties\":{\"a\":\"\"}}]".length();

        Api.Reply atLimit = api.put(PATH, large(room));
        Api.Reply over = api.put(PATH, large(room + 1));

        assertThat(atLimit.status()).isEqualTo(200);
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.message()).isEqualTo("services must not be larger than 256 KB.");
    }

    private static String large(int size) {
        return "{\"services\": [{\"service_id\": \"s\", \"properties\": {\"a\": \"" + "x".repeat(size) + "\"}}]}";
    }

    @Test
    void silentDeviceIs200WithAnErrorAndTheRequestId() {
        api.fail(new Failure.CallTimedOut(ID, Failure.Progress.ACKNOWLEDGED, 20));

        for (Api.Reply reply : List.of(api.put(PATH, BODY), api.get(METER))) {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.code()).isEqualTo("IOTDA.014111");
            assertThat(reply.message()).contains("timed out", "PUBACK");
            assertThat(reply.json().get("request_id").asText()).isEqualTo(ID.toString());
            assertThat(reply.json().has("command_id")).isFalse();
            assertThat(reply.json().has("response")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "61", "x"})
    void badTimeLimitNamesTheHeader(String seconds) {
        Api.Reply reply = api.signed("GET", METER, null, Map.of("X-Downlink-Timeout", seconds));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("X-Downlink-Timeout must be a number of seconds from 1 to 60.");
    }

    @Test
    void modelViolationAndOfflineDeviceAreThoseOfCommands() {
        api.fail(new Failure.ModelViolation("services[0].properties.level", "is not writable"));
        Api.Reply violation = api.put(PATH, BODY);
        api.fail(new Failure.DeviceOffline(new DeviceId("d1")));
        Api.Reply offline = api.get(METER);

        assertThat(violation.status()).isEqualTo(400);
        assertThat(violation.message()).contains("services[0].properties.level is not writable");
        assertThat(offline.status()).isEqualTo(403);
        assertThat(offline.code()).isEqualTo("IOTDA.014016");
    }

    private void answer(String json) {
        api.fake(_ -> new Answered(ID, new Json(json)));
    }
}
