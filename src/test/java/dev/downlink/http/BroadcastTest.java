// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.MessageId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.DeliveryRequest.Broadcast;
import dev.downlink.protocol.DeliveryRequest.BroadcastSent;
import dev.downlink.protocol.Failure;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BroadcastTest {
    private static final String PATH = "/v5/iot/p1/broadcast-messages";
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final int MAX_SIZE = 256 * 1024;

    private final Api api = new Api(1, 100);

    @BeforeEach
    void answer() {
        api.fake(q -> q instanceof Broadcast broadcast
                ? new BroadcastSent(new SpaceId("s1"), broadcast.id(), CREATED)
                : null);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void answerHasSpaceTopicIdAndTime() {
        Api.Reply reply = api.post(
                PATH, "{\"topic_full_name\":\"$oc/broadcast/news\",\"message\":\"aGk=\",\"message_id\":\"m1\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text())
                .isEqualTo("{\"app_id\":\"s1\",\"topic_full_name\":\"$oc/broadcast/news\",\"message_id\":\"m1\","
                        + "\"created_time\":\"20260102T030405Z\"}");
    }

    @Test
    void requestHasAllThatWasSent() {
        var _ = api.post(PATH, """
            {"app_id": "s1", "topic_full_name": "$oc/broadcast/a/b", "message": "aGk=", "ttl": 60,
             "message_id": "m1"}\
            """);

        assertThat(api.asked(Broadcast.class))
                .isEqualTo(new Broadcast(
                        new ProjectId("p1"),
                        new SpaceId("s1"),
                        "$oc/broadcast/a/b",
                        "aGk=",
                        60,
                        new MessageId("m1"),
                        false));
    }

    @Test
    void withAnIdempotencyKeyItCanBeRepeated() {
        var _ = api.signed(
                "POST",
                PATH,
                "{\"topic_full_name\":\"$oc/broadcast/a\",\"message\":\"\"}",
                Map.of("Idempotency-Key", "k-1"));

        Broadcast asked = api.asked(Broadcast.class);
        assertThat(asked.id()).isEqualTo(new MessageId("k-1"));
        assertThat(asked.repeatable()).isTrue();
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        var _ = api.post(PATH, "{\"topic_full_name\":\"$oc/broadcast/a\",\"message\":\"\"}");

        Broadcast asked = api.asked(Broadcast.class);
        assertThat(asked.space()).isNull();
        assertThat(asked.ttl()).isZero();
        assertThat(asked.id().value()).matches("[0-9a-f-]{36}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"message\":\"aGk=\"}|topic_full_name is mandatory.",
                "{\"message\":\"aGk=\",\"topic_full_name\":\"a\"}|topic_full_name must begin with $oc/broadcast/.",
                "{\"message\":\"aGk=\",\"topic_full_name\":\"$oc/broadcast/+\"}|topic_full_name must not have the wild",
                "{\"topic_full_name\":\"$oc/broadcast/a\"}|message is mandatory.",
                "{\"message\":{},\"topic_full_name\":\"$oc/broadcast/a\"}|message must be a string.",
                "{\"message\":\"a b\",\"topic_full_name\":\"$oc/broadcast/a\"}|message must be Base64.",
                "{\"message\":\"\",\"ttl\":3,\"topic_full_name\":\"$oc/broadcast/a\"}|ttl must be a multiple of 5",
                "{\"message\":\"\",\"ttl\":1445,\"topic_full_name\":\"$oc/broadcast/a\"}|ttl must be a multiple of 5",
                "{\"message\":\"\",\"app_id\":\"a b\",\"topic_full_name\":\"$oc/broadcast/a\"}|app_id may hold only",
                "{\"message\":\"\",\"message_id\":\"a b\",\"topic_full_name\":\"$oc/broadcast/a\"}|message_id may hold"
            })
    void whatIsWrongIsNamed(String body, String complaint) {
        Api.Reply reply = api.post(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith(complaint);
        assertThat(api.asked).isEmpty();
    }

    @Test
    void messageAndTopicHaveLimits() {
        Api.Reply atLimit = api.post(PATH, body(128, MAX_SIZE));
        Api.Reply largeMessage = api.post(PATH, body(128, MAX_SIZE + 4));
        Api.Reply longTopic = api.post(PATH, body(129, 4));

        assertThat(atLimit.status()).isEqualTo(201);
        assertThat(largeMessage.message()).isEqualTo("message must not be larger than 262144 bytes.");
        assertThat(longTopic.message()).startsWith("topic_full_name must not be longer than 128");
    }

    private static String body(int topic, int message) {
        String start = "$oc/broadcast/";
        return "{\"topic_full_name\":\"" + start + "x".repeat(topic - start.length()) + "\",\"message\":\""
                + "A".repeat(message) + "\"}";
    }

    @Test
    void tooManySubscribersForACachedOneIsALimit() {
        api.fail(new Failure.LimitReached("subscribers of a broadcast that is cached", 10));

        Api.Reply reply = api.post(PATH, "{\"topic_full_name\":\"$oc/broadcast/a\",\"message\":\"\",\"ttl\":5}");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.message()).contains("10 subscribers");
    }
}
