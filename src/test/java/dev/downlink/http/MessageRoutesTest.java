// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.Message.Encoding;
import dev.downlink.model.Message.Format;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProjectId;
import dev.downlink.model.UserProperty;
import dev.downlink.protocol.DeliveryRequest.SendMessage;
import dev.downlink.protocol.DeliveryRequest.Sent;
import dev.downlink.protocol.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a message and how it is answered. */
class MessageRoutesTest {
    private static final String PATH = "/v5/iot/p1/devices/d1/messages";
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final int MAX_SIZE = 256 * 1024;

    private final Api api = new Api();

    @BeforeEach
    void answer() {
        answer(MessageStatus.PENDING, null);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private void answer(MessageStatus status, @Nullable Instant finished) {
        api.fake(q -> q instanceof SendMessage send ? new Sent(send.message().id(), status, CREATED, finished) : null);
    }

    @Test
    void pendingMessageHasNoFinishedTime() {
        Api.Reply reply = api.post(PATH, "{\"message_id\":\"m1\",\"message\":\"hello\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text())
                .isEqualTo("{\"message_id\":\"m1\",\"result\":{\"status\":\"PENDING\","
                        + "\"created_time\":\"20260102T030405Z\"}}");
    }

    @ParameterizedTest
    @CsvSource({"DELIVERED", "FAILED", "TIMEOUT"})
    void finalMessageHasAFinishedTime(MessageStatus status) {
        answer(status, CREATED.plusSeconds(2));

        Api.Reply reply = api.post(PATH, "{\"message_id\":\"m1\",\"message\":\"hello\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text())
                .isEqualTo("{\"message_id\":\"m1\",\"result\":{\"status\":\"" + status + "\","
                        + "\"created_time\":\"20260102T030405Z\",\"finished_time\":\"20260102T030407Z\"}}");
    }

    @Test
    void requestHasAllThatWasSent() {
        var _ = api.post(PATH, """
            {"message_id": "m-1_A", "name": "问候?", "message": {"text": "hello"}, "encoding": "none",
             "payload_format": "raw", "topic": "down/now", "ttl": 60, "properties": {
               "correlation_data": "c-1", "response_topic": "$answers/here", "user_properties": [
                 {"prop_key": "a", "prop_value": "1 2"}, {"prop_key": "a", "prop_value": ""}]}}\
            """);

        assertThat(api.asked(SendMessage.class))
                .isEqualTo(new SendMessage(
                        new ProjectId("p1"),
                        new DeviceId("d1"),
                        new Message(
                                new MessageId("m-1_A"),
                                "问候?",
                                new Json("{\"text\":\"hello\"}"),
                                Encoding.NONE,
                                Format.RAW,
                                "down/now",
                                null,
                                new MessageProperties(
                                        "c-1",
                                        "$answers/here",
                                        List.of(new UserProperty("a", "1 2"), new UserProperty("a", ""))),
                                60),
                        api.now,
                        false));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Message message = sent("{\"message\":\"hello\"}");

        assertThat(message)
                .isEqualTo(new Message(
                        message.id(),
                        null,
                        new Json("\"hello\""),
                        Encoding.NONE,
                        Format.STANDARD,
                        null,
                        null,
                        null,
                        1440));
    }

    @Test
    void idIsMadeWhenNoneIsGiven() {
        String one = api.post(PATH, "{\"message\":1}").json().get("message_id").asText();
        String other =
                api.post(PATH, "{\"message\":1}").json().get("message_id").asText();

        assertThat(one).matches("[0-9a-f-]{36}").isNotEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"text\"",
                "\"\"",
                "\"{\\\"a\\\":1}\"",
                "1",
                "1.50",
                "12345678901234567890123",
                "true",
                "[]",
                "[1,null,\"x\"]",
                "{}",
                "{\"b\":1,\"a\":{\"c\":[{\"d\":null}]},\"e\":1.10}",
                "\"水🚰\""
            })
    void anyJsonIsKept(String json) {
        assertThat(sent("{\"message\":" + json + "}").content().text()).isEqualTo(json);
    }

    @Test
    void escapesStandForTheirCharacters() {
        assertThat(sent("{\"message\":{\"\\u6c34\":\"\\ud83d\\udeb0\\n\\u0041\"}}")
                        .content()
                        .text())
                .isEqualTo("{\"水\":\"🚰\\nA\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|message is mandatory.",
                "{\"message\":null}|message is mandatory.",
                "{\"message\":\"\\u0000\"}|message must not contain the NUL character.",
                "{\"message\":{\"a\":\"\\ud800\"}}|message.a contains half a surrogate pair.",
                "{\"message\":1e999999}|message is a number that no device can take.",
                "{\"message\":1,\"message_id\":\"a b\"}|message_id may hold only",
                "{\"message\":1,\"message_id\":\"\"}|message_id is mandatory.",
                "{\"message\":1,\"message_id\":1}|message_id must be a string.",
                "{\"message\":1,\"name\":\"a b\"}|name may hold only",
                "{\"message\":1,\"name\":1}|name must be a string.",
                "{\"message\":1,\"encoding\":\"BASE64\"}|encoding must be none or base64.",
                "{\"message\":1,\"encoding\":\"\"}|encoding must be none or base64.",
                "{\"message\":1,\"payload_format\":\"json\"}|payload_format must be standard or raw.",
                "{\"message\":\"aGk=\",\"encoding\":\"base64\",\"payload_format\":\"x\"}|payload_format must be",
                "{\"message\":1,\"topic\":1}|topic must be a string.",
                "{\"message\":1,\"topic\":\"a\",\"topic_full_name\":\"b\"}|topic_full_name must not be given together",
                "{\"message\":1,\"topic_full_name\":\"\"}|topic_full_name is mandatory.",
                "{\"message\":1,\"topic_full_name\":\"a/+\"}|topic_full_name must not have the wildcards",
                "{\"message\":1,\"topic_full_name\":\"a/#\"}|topic_full_name must not have the wildcards",
                "{\"message\":1,\"properties\":[]}|properties must be an object.",
                "{\"message\":1,\"properties\":{\"correlation_data\":\"a b\"}}|properties.correlation_data may hold"
                        + " only",
                "{\"message\":1,\"properties\":{\"response_topic\":\"a b\"}}|properties.response_topic must have 1 to"
                        + " 128",
                "{\"message\":1,\"properties\":{\"response_topic\":\"\"}}|properties.response_topic must have 1 to 128",
                "{\"message\":1,\"properties\":{\"user_properties\":{}}}|properties.user_properties must be a list.",
                "{\"message\":1,\"properties\":{\"user_properties\":[{}]}}|properties.user_properties[0].prop_key is",
                "{\"message\":1,\"properties\":{\"user_properties\":[{\"prop_key\":\"a\"}]}}"
                        + "|properties.user_properties[0].prop_value is mandatory.",
                "{\"message\":1,\"properties\":{\"user_properties\":[{\"prop_key\":\"a b\",\"prop_value\":\"\"}]}}"
                        + "|properties.user_properties[0].prop_key may hold only",
                "{\"message\":1,\"properties\":{\"user_properties\":[{\"prop_key\":\"a\",\"prop_value\":\"€\"}]}}"
                        + "|properties.user_properties[0].prop_value may hold only",
                "{\"message\":1,\"ttl\":\"5\"}|ttl must be an integer.",
                "{\"message\":1,\"ttl\":5.0}|ttl must be an integer.",
                "{\"message\":1,\"ttl\":-5}|ttl must be a multiple of 5 from 0 to 1440, in minutes.",
                "{\"message\":1,\"ttl\":7}|ttl must be a multiple of 5 from 0 to 1440, in minutes.",
                "{\"message\":1,\"ttl\":1445}|ttl must be a multiple of 5 from 0 to 1440, in minutes."
            })
    void whatIsWrongIsNamed(String body, String complaint) {
        Api.Reply reply = api.post(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("IOTDA.000006");
        assertThat(reply.message()).startsWith(complaint);
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 1440})
    void ttlMayHaveItsLimits(int ttl) {
        assertThat(sent("{\"message\":1,\"ttl\":" + ttl + "}").ttl()).isEqualTo(ttl);
    }

    @ParameterizedTest
    @CsvSource({"message_id", "name", "topic", "topic_full_name"})
    void textsHaveALimit(String field) {
        Api.Reply atLimit = api.post(PATH, "{\"message\":1,\"" + field + "\":\"" + "x".repeat(128) + "\"}");
        Api.Reply over = api.post(PATH, "{\"message\":1,\"" + field + "\":\"" + "x".repeat(129) + "\"}");

        assertThat(atLimit.status()).isEqualTo(201);
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.message()).startsWith(field + " must not be longer than 128");
    }

    @ParameterizedTest
    @CsvSource({
        "correlation_data,properties.correlation_data",
        "response_topic,properties.response_topic",
        "prop_key,properties.user_properties[0].prop_key",
        "prop_value,properties.user_properties[0].prop_value"
    })
    void propertiesHaveALimit(String field, String path) {
        Api.Reply atLimit = api.post(PATH, withProperty(field, "x".repeat(128)));
        Api.Reply over = api.post(PATH, withProperty(field, "x".repeat(129)));

        assertThat(atLimit.status()).isEqualTo(201);
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.message()).startsWith(path + " must");
    }

    private static String withProperty(String field, String value) {
        JsonObject properties = field.startsWith("prop_")
                ? new JsonObject()
                        .put(
                                "user_properties",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("prop_key", "k")
                                                .put("prop_value", "v")
                                                .put(field, value)))
                : new JsonObject().put(field, value);
        return new JsonObject().put("message", 1).put("properties", properties).encode();
    }

    @ParameterizedTest
    @CsvSource({"20,201", "21,400"})
    void userPropertiesAreCounted(int count, int status) {
        JsonObject one = new JsonObject().put("prop_key", "k").put("prop_value", "v");
        JsonObject properties = new JsonObject().put("user_properties", new JsonArray(Collections.nCopies(count, one)));

        Api.Reply reply = api.post(
                PATH,
                new JsonObject().put("message", 1).put("properties", properties).encode());

        assertThat(reply.status()).isEqualTo(status);
    }

    @Test
    void textHasALimitInBytes() {
        Api.Reply atLimit = api.post(PATH, "{\"message\":\"" + "é".repeat(MAX_SIZE / 2) + "\"}");
        Api.Reply over = api.post(PATH, "{\"message\":\"" + "é".repeat(MAX_SIZE / 2) + "x\"}");

        assertThat(atLimit.status()).isEqualTo(201);
        assertThat(over.status()).isEqualTo(400);
        assertThat(over.message()).isEqualTo("message must not be larger than 262144 bytes.");
    }

    /** As the application SDK writes what is not ASCII. */
    @Test
    void textThatIsWrittenWithEscapesIsMeasuredAsWhatItStandsFor() {
        Api.Reply reply = api.post(PATH, "{\"message\":\"" + "\\u00e9".repeat(MAX_SIZE / 2) + "\"}");

        assertThat(reply.status()).isEqualTo(201);
    }

    @Test
    void jsonHasALimitInBytes() {
        String around = "{\"a\":\"\"}";
        String full = "{\"a\": \"" + "x".repeat(MAX_SIZE - around.length()) + "\"}";

        Api.Reply atLimit = api.post(PATH, "{\"message\":" + full + "}");
        Api.Reply over = api.post(PATH, "{\"message\":[" + full + "]}");

        assertThat(atLimit.status()).isEqualTo(201);
        assertThat(over.message()).isEqualTo("message must not be larger than 262144 bytes.");
    }

    @Test
    void base64CountsAsItStands() {
        Api.Reply atLimit =
                api.post(PATH, "{\"encoding\":\"base64\",\"message\":\"" + "AAAA".repeat(MAX_SIZE / 4) + "\"}");
        Api.Reply over =
                api.post(PATH, "{\"encoding\":\"base64\",\"message\":\"" + "AAAA".repeat(MAX_SIZE / 4 + 1) + "\"}");

        assertThat(atLimit.status()).isEqualTo(201);
        assertThat(over.message()).isEqualTo("message must not be larger than 262144 bytes.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"payload_format\":\"standard\"", ",\"payload_format\":\"raw\""})
    void base64IsNeverInAnEnvelope(String format) {
        Message message = sent("{\"encoding\":\"base64\",\"message\":\"AAH+gA==\"" + format + "}");

        assertThat(message.encoding()).isEqualTo(Encoding.BASE64);
        assertThat(message.format()).isEqualTo(Format.RAW);
        assertThat(message.content()).isEqualTo(new Json("\"AAH+gA==\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|message must be a string.",
                "{\"a\":1}|message must be a string.",
                "\"a b\"|message must be Base64.",
                "\"AAH-gA==\"|message must be Base64.",
                "\"A\"|message must be Base64.",
                "\"水\"|message must be Base64."
            })
    void base64MustBeSuch(String json, String complaint) {
        Api.Reply reply = api.post(PATH, "{\"encoding\":\"base64\",\"message\":" + json + "}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo(complaint);
    }

    @Test
    void withoutTheHeaderAMessageIsNotRepeatable() {
        var _ = api.post(PATH, "{\"message_id\":\"m1\",\"message\":1}");

        assertThat(api.asked(SendMessage.class).repeatable()).isFalse();
    }

    @Test
    void withTheHeaderAMessageIsRepeatable() {
        var _ = withKey("{\"message_id\":\"m1\",\"message\":1}", "any key: 7");

        assertThat(api.asked(SendMessage.class).repeatable()).isTrue();
        assertThat(api.asked(SendMessage.class).message().id()).isEqualTo(new MessageId("m1"));
    }

    @Test
    void headerBecomesTheIdWhereThereIsNone() {
        Api.Reply reply = withKey("{\"message\":1}", "key-7");

        assertThat(reply.json().get("message_id").asText()).isEqualTo("key-7");
        assertThat(api.asked(SendMessage.class).repeatable()).isTrue();
        assertThat(api.asked(SendMessage.class).message().id()).isEqualTo(new MessageId("key-7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a key", "k?", "x/y"})
    void headerThatBecomesTheIdIsCheckedLikeOne(String key) {
        Api.Reply reply = withKey("{\"message\":1}", key);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("Idempotency-Key may hold only");
    }

    @Test
    void headerIsNotLongerThanAnId() {
        assertThat(withKey("{\"message\":1}", "x".repeat(129)).message())
                .startsWith("Idempotency-Key must not be longer than 128");
    }

    @Test
    void emptyHeaderIsRefused() {
        assertThat(withKey("{\"message_id\":\"m1\",\"message\":1}", "").message())
                .isEqualTo("Idempotency-Key must not be empty.");
    }

    @Test
    void failuresOfTheCallHaveTheirCodes() {
        DeviceId device = new DeviceId("d1");
        List<Failure> failures = List.of(
                new Failure.DeviceNotFound(device),
                new Failure.AlreadyExists("message", "m1"),
                new Failure.MessagesFull(device, 20),
                new Failure.WrongProtocol(device, "CoAP"),
                new Failure.Invalid("topic", "'x' is not a topic of product p"),
                new Failure.StorageUnavailable());

        List<String> answers = failures.stream()
                .map(failure -> {
                    api.fail(failure);
                    Api.Reply reply = api.post(PATH, "{\"message\":1}");
                    return reply.status() + " " + reply.code() + " "
                            + reply.json().get("reason").asText();
                })
                .toList();

        assertThat(answers)
                .containsExactly(
                        "404 IOTDA.014000 device_not_found",
                        "400 IOTDA.900002 already_exists",
                        "403 IOTDA.900202 messages_full",
                        "403 IOTDA.900207 wrong_protocol",
                        "400 IOTDA.000006 invalid_field",
                        "503 IOTDA.900304 storage_unavailable");
    }

    @Test
    void badDeviceIdIsInvalid() {
        assertThat(api.post("/v5/iot/p1/devices/d%2F1/messages", "{\"message\":1}")
                        .message())
                .startsWith("device_id ");
    }

    private Message sent(String body) {
        assertThat(api.post(PATH, body).status()).isEqualTo(201);
        return api.asked(SendMessage.class).message();
    }

    private Api.Reply withKey(String body, String key) {
        return api.signed("POST", PATH, body, Map.of("Idempotency-Key", key));
    }
}
