// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.protocol.CorrelatorRequest.Answered;
import dev.downlink.protocol.CorrelatorRequest.SendCommand;
import dev.downlink.protocol.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandRoutesTest {
    private static final String PATH = "/v5/iot/p1/devices/d1/commands";
    private static final RequestId ID = RequestId.next(7, 1);

    private final Api api = new Api();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void answerOfTheDeviceIsPassedOnAsItCame() {
        answer("{\"result_code\":0,  \"paras\":{\"a\":1.50}}");

        Api.Reply reply = api.post(PATH, "{\"paras\":{}}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"command_id\":\"" + ID + "\",\"response\":{\"result_code\":0,  \"paras\":{\"a\":1.50}}}");
    }

    @Test
    void requestHasAllThatWasSent() {
        answer("null");

        var _ = api.post(PATH, "{\"service_id\":\"WaterMeter\",\"command_name\":\"SET\",\"paras\":{\"value\":1}}");

        assertThat(api.asked(SendCommand.class))
                .isEqualTo(new SendCommand(
                        new ProjectId("p1"),
                        new DeviceId("d1"),
                        "WaterMeter",
                        "SET",
                        Map.of("value", 1),
                        Duration.ofSeconds(20)));
    }

    @Test
    void valuesKeepTheirTypes() {
        answer("null");

        var _ = api.post(
                PATH,
                "{\"paras\":{\"i\":1,\"l\":3000000000,\"b\":9223372036854775808,\"d\":1.50,\"s\":\"\\u4e2d\\u0000\","
                        + "\"t\":true,\"n\":null,\"list\":[1,null],\"o\":{\"x\":\"1\"}}}");

        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("i", 1);
        expected.put("l", 3000000000L);
        expected.put("b", new BigInteger("9223372036854775808"));
        expected.put("d", new BigDecimal("1.50"));
        expected.put("s", "中\0");
        expected.put("t", true);
        expected.put("n", null);
        expected.put("list", Arrays.<@Nullable Object>asList(1, null));
        expected.put("o", Map.of("x", "1"));
        assertThat(api.asked(SendCommand.class).paras()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"paras\":null}", "{\"paras\":\"{}\"}", "{\"paras\":[]}", "{\"paras\":1}"})
    void parasMustBeAnObject(String body) {
        Api.Reply reply = api.post(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.000006");
        assertThat(reply.message()).startsWith("paras ");
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "\"\\ud800\""})
    void valuesThatNobodyCanTakeAreRefused(String value) {
        Api.Reply reply = api.post(PATH, "{\"paras\":{\"a\":{\"b\":" + value + "}}}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("paras.a.b ");
    }

    @ParameterizedTest
    @CsvSource({"service_id,64", "command_name,128"})
    void namesHaveALimit(String field, int limit) {
        answer("null");

        Api.Reply atLimit = api.post(PATH, "{\"" + field + "\":\"" + "x".repeat(limit) + "\",\"paras\":{}}");
        Api.Reply over = api.post(PATH, "{\"" + field + "\":\"" + "x".repeat(limit + 1) + "\",\"paras\":{}}");

        assertThat(atLimit.status()).isEqualTo(200);
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.message()).startsWith(field + " must not be longer than " + limit);
    }

    @Test
    void namesMustBeStrings() {
        assertThat(api.post(PATH, "{\"service_id\":1,\"paras\":{}}").message())
                .isEqualTo("service_id must be a string.");
    }

    @Test
    void parasHaveALimitInBytesOfJson() {
        answer("null");
        int room = 256 * 1024 - "{\"a\":\"\"}".length();

        Api.Reply atLimit = api.post(PATH, "{\"paras\": {\"a\": \"" + "x".repeat(room) + "\"}}");
        Api.Reply over = api.post(PATH, "{\"paras\": {\"a\": \"" + "x".repeat(room + 1) + "\"}}");

        assertThat(atLimit.status()).isEqualTo(200);
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.message()).isEqualTo("paras must not be larger than 256 KB.");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60})
    void callerMayChooseTheTimeLimit(int seconds) {
        answer("null");

        var _ = api.signed("POST", PATH, "{\"paras\":{}}", Map.of("X-Downlink-Timeout", "" + seconds));

        assertThat(api.asked(SendCommand.class).limit()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "61", "-1", "1.5", "x", "99999999999"})
    void badTimeLimitNamesTheHeader(String seconds) {
        Api.Reply reply = api.signed("POST", PATH, "{\"paras\":{}}", Map.of("X-Downlink-Timeout", seconds));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("X-Downlink-Timeout must be a number of seconds from 1 to 60.");
    }

    @Test
    void silentDeviceIs200WithAnErrorAndTheCommandId() {
        api.fail(new Failure.CallTimedOut(ID, Failure.Progress.ACKNOWLEDGED, 20));

        Api.Reply reply = api.post(PATH, "{\"paras\":{}}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.code()).isEqualTo("IOTDA.014111");
        assertThat(reply.message()).contains("timed out", "PUBACK");
        assertThat(reply.json().get("command_id").asText()).isEqualTo(ID.toString());
        assertThat(reply.json().has("response")).isFalse();
    }

    @Test
    void badDeviceIdIsInvalid() {
        Api.Reply reply = api.post("/v5/iot/p1/devices/d%2F1/commands", "{\"paras\":{}}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("device_id ");
    }

    @Test
    void failuresOfTheCallHaveTheirCodes() {
        DeviceId device = new DeviceId("d1");
        List<Failure> failures = List.of(
                new Failure.DeviceNotFound(device),
                new Failure.DeviceNeverConnected(device),
                new Failure.NotSubscribed(device, "t"),
                new Failure.TooManyCalls(device, 20),
                new Failure.StorageUnavailable());

        List<String> answers = failures.stream()
                .map(failure -> {
                    api.fail(failure);
                    Api.Reply reply = api.post(PATH, "{\"paras\":{}}");
                    return reply.status() + " " + reply.code();
                })
                .toList();

        assertThat(answers)
                .containsExactly(
                        "404 IOTDA.014000",
                        "403 IOTDA.014016",
                        "400 IOTDA.014112",
                        "403 IOTDA.000023",
                        "503 IOTDA.900304");
    }

    private void answer(String json) {
        api.fake(_ -> new Answered(ID, new Json(json)));
    }
}
