// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Message;
import dev.downlink.model.Message.Encoding;
import dev.downlink.model.Message.Format;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageProperties;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProjectId;
import dev.downlink.model.StoredMessage;
import dev.downlink.model.TimelineStep;
import dev.downlink.model.UserProperty;
import dev.downlink.protocol.DeliveryRequest.DeleteMessage;
import dev.downlink.protocol.DeliveryRequest.ListMessages;
import dev.downlink.protocol.DeliveryRequest.MaybeMessage;
import dev.downlink.protocol.DeliveryRequest.Messages;
import dev.downlink.protocol.DeliveryRequest.ShowMessage;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How messages are shown, listed and deleted. */
class KeptMessagesTest {
    private static final String PATH = "/v5/iot/p1/devices/d1/messages";
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final DeviceId DEVICE = new DeviceId("d1");

    private static final Message PLAIN = new Message(
            new MessageId("m1"),
            null,
            new Json("{\"b\":1.50,\"a\":\"水\"}"),
            Encoding.NONE,
            Format.STANDARD,
            null,
            null,
            null,
            60);

    private final Api api = new Api(1, 100);

    @AfterEach
    void close() {
        api.close();
    }

    private static StoredMessage pending(Message message) {
        return stored(message, MessageStatus.PENDING, null);
    }

    private static StoredMessage stored(Message message, MessageStatus status, @Nullable MessageError error) {
        return new StoredMessage(
                DEVICE,
                new DeviceId("gateway"),
                message,
                status,
                error,
                CREATED,
                status.isFinal() ? CREATED.plusSeconds(7) : null,
                List.of(
                        new TimelineStep(CREATED, TimelineStep.Kind.ACCEPTED, null),
                        new TimelineStep(CREATED.plusMillis(1), TimelineStep.Kind.NOT_SUBSCRIBED, "a/b")));
    }

    private void show(StoredMessage message) {
        api.fake(_ -> new MaybeMessage(message));
    }

    @Test
    void whatIsAbsentIsLeftOut() {
        show(pending(PLAIN));

        Api.Reply reply = api.get(PATH + "/m1");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"message_id\":\"m1\",\"message\":{\"b\":1.50,\"a\":\"水\"},\"encoding\":\"none\","
                        + "\"payload_format\":\"standard\",\"topic\":\"$oc/devices/gateway/sys/messages/down\","
                        + "\"status\":\"PENDING\",\"created_time\":\"20260102T030405Z\"}");
        assertThat(api.asked(ShowMessage.class))
                .isEqualTo(new ShowMessage(new ProjectId("p1"), DEVICE, new MessageId("m1")));
    }

    @Test
    void allThatIsThereIsShown() {
        Message message = new Message(
                new MessageId("m1"),
                "greeting",
                new Json("\"aGk=\""),
                Encoding.BASE64,
                Format.RAW,
                "down/now",
                null,
                new MessageProperties("c-1", "answers/here", List.of(new UserProperty("k", "a v"))),
                60);
        show(stored(message, MessageStatus.DELIVERED, null));

        assertThat(api.get(PATH + "/m1").text())
                .isEqualTo("{\"message_id\":\"m1\",\"name\":\"greeting\",\"message\":\"aGk=\",\"encoding\":\"base64\","
                        + "\"topic\":\"$oc/devices/gateway/user/down/now\","
                        + "\"properties\":{\"correlation_data\":\"c-1\",\"response_topic\":\"answers/here\","
                        + "\"user_properties\":[{\"prop_key\":\"k\",\"prop_value\":\"a v\"}]},"
                        + "\"status\":\"DELIVERED\",\"created_time\":\"20260102T030405Z\","
                        + "\"finished_time\":\"20260102T030412Z\"}");
    }

    @Test
    void fullTopicIsShownAsItWasGiven() {
        show(pending(new Message(
                new MessageId("m1"),
                null,
                new Json("1"),
                Encoding.NONE,
                Format.RAW,
                null,
                "/any/topic",
                new MessageProperties(null, null, List.of()),
                0)));

        Api.Reply reply = api.get(PATH + "/m1");

        assertThat(reply.json().get("topic").asText()).isEqualTo("/any/topic");
        assertThat(reply.json().get("payload_format").asText()).isEqualTo("raw");
        assertThat(reply.json().get("properties").toString()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED,DEVICE_OFFLINE,IOTDA.014016,not online",
        "PENDING,NOT_SUBSCRIBED,IOTDA.014112,$oc/devices/gateway/sys/messages/down",
        "FAILED,PUSHED_OUT,IOTDA.900203,Newer messages",
        "FAILED,REFUSED_BY_DEVICE,IOTDA.900204,answered the message with an error",
        "FAILED,TOO_LARGE_FOR_DEVICE,IOTDA.900205,size",
        "TIMEOUT,EXPIRED,IOTDA.900206,time to live"
    })
    void errorSaysWhy(MessageStatus status, MessageError error, String code, String text) {
        show(stored(PLAIN, status, error));

        Api.Reply reply = api.get(PATH + "/m1");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("status").asText()).isEqualTo(status.name());
        assertThat(reply.json().at("/error_info/error_code").asText()).isEqualTo(code);
        assertThat(reply.json().at("/error_info/error_msg").asText()).contains(text);
    }

    @Test
    void timelineIsShownToWhoeverAsks() {
        show(pending(PLAIN));

        assertThat(api.get(PATH + "/m1?timeline=true").text())
                .endsWith(",\"timeline\":[{\"event\":\"accepted\",\"time\":\"2026-01-02T03:04:05.678Z\"},"
                        + "{\"event\":\"not_subscribed\",\"time\":\"2026-01-02T03:04:05.679Z\",\"detail\":\"a/b\"}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?timeline=false", "?timeline="})
    void timelineIsNotShownToOthers(String query) {
        show(pending(PLAIN));

        assertThat(api.get(PATH + "/m1" + query).json().has("timeline")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "TRUE"})
    void timelineIsTrueOrFalse(String value) {
        Api.Reply reply = api.get(PATH + "/m1?timeline=" + value);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("timeline must be true or false.");
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?timeline=true"})
    void unknownMessageIsAnObjectWithoutFields(String query) {
        api.fake(_ -> new MaybeMessage(null));

        Api.Reply reply = api.get(PATH + "/m1" + query);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{}");
    }

    @Test
    void listHasAllMessagesInTheirOrder() {
        Message second = new Message(
                new MessageId("m2"), null, new Json("\"x\""), Encoding.NONE, Format.STANDARD, null, null, null, 60);
        api.fake(_ -> new Messages(DEVICE, List.of(pending(second), pending(PLAIN))));

        Api.Reply reply = api.get(PATH);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("device_id").asText()).isEqualTo("d1");
        assertThat(reply.json().get("messages").findValuesAsText("message_id")).containsExactly("m2", "m1");
        assertThat(reply.json().get("messages").findValues("timeline")).isEmpty();
        assertThat(api.asked(ListMessages.class)).isEqualTo(new ListMessages(new ProjectId("p1"), DEVICE));
    }

    @Test
    void listMayBeEmpty() {
        api.fake(_ -> new Messages(DEVICE, List.of()));

        assertThat(api.get(PATH).text()).isEqualTo("{\"device_id\":\"d1\",\"messages\":[]}");
    }

    @Test
    void deleteHasNoAnswer() {
        api.fake(_ -> Done.DONE);

        Api.Reply reply = api.delete(PATH + "/m1");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.text()).isEmpty();
        assertThat(api.asked(DeleteMessage.class))
                .isEqualTo(new DeleteMessage(new ProjectId("p1"), DEVICE, new MessageId("m1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void badMessageIdIsInvalid(String method) {
        Api.Reply reply = api.signed(method, PATH + "/m%201", null);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("message_id ");
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GET,''", "GET,/m1", "DELETE,/m1"})
    void unknownDeviceIsNotFound(String method, String path) {
        api.fail(new Failure.DeviceNotFound(DEVICE));

        Api.Reply reply = api.signed(method, PATH + path, null);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("IOTDA.014000");
    }
}
