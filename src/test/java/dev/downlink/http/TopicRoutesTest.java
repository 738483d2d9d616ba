// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.CustomTopic.Operation;
import dev.downlink.model.ProductId;
import dev.downlink.protocol.ProductRequest.PutTopic;
import dev.downlink.protocol.ProductRequest.RemoveTopic;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRoutesTest {
    private static final String ALL = "/v5/iot/p1/products/made/topics";

    private final Api api = new Api(1, 100);

    @BeforeEach
    void answer() {
        api.fake(_ -> ProductRoutesTest.view(List.of(
                new CustomTopic("fw/data", Operation.SUBSCRIBE, "firmware"),
                new CustomTopic("log", Operation.ALL, null))));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void listHasAllTopics() {
        assertThat(api.get(ALL).text())
                .isEqualTo("{\"product_id\":\"made\",\"topics\":["
                        + "{\"topic\":\"fw/data\",\"operation\":\"subscribe\",\"description\":\"firmware\"},"
                        + "{\"topic\":\"log\",\"operation\":\"all\"}]}");
    }

    @Test
    void showTakesATopicOfSeveralLevels() {
        assertThat(api.get(ALL + "/fw/data").json().get("operation").asText()).isEqualTo("subscribe");
        assertThat(api.get(ALL + "/fw").status()).isEqualTo(404);
    }

    @Test
    void addAnswersTheTopic() {
        Api.Reply reply = api.post(ALL + "?app_id=s9", "{\"topic\":\"a/b\",\"operation\":\"publish\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).isEqualTo("{\"topic\":\"a/b\",\"operation\":\"publish\"}");
        assertThat(api.asked(PutTopic.class).topic()).isEqualTo(new CustomTopic("a/b", Operation.PUBLISH, null));
        assertThat(String.valueOf(api.asked(PutTopic.class).space())).isEqualTo("s9");
    }

    @Test
    void putTakesTheTopicFromThePath() {
        Api.Reply reply = api.put(ALL + "/a/b", "{\"operation\":\"all\",\"description\":\"x\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.asked(PutTopic.class).topic()).isEqualTo(new CustomTopic("a/b", Operation.ALL, "x"));
    }

    @Test
    void deleteTakesTheTopicFromThePath() {
        assertThat(api.delete(ALL + "/a/b").status()).isEqualTo(204);
        assertThat(api.asked(RemoveTopic.class).suffix()).isEqualTo("a/b");
        assertThat(api.asked(RemoveTopic.class).id()).isEqualTo(new ProductId("made"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"operation\":\"all\"}|topic is mandatory.",
                "{\"topic\":\"a\"}|operation is mandatory.",
                "{\"topic\":\"a\",\"operation\":\"ALL\"}|operation must be publish, subscribe or all.",
                "{\"topic\":\"a//b\",\"operation\":\"all\"}|topic must not have empty levels.",
                "{\"topic\":\"/a\",\"operation\":\"all\"}|topic must not have empty levels.",
                "{\"topic\":\"a+\",\"operation\":\"all\"}|topic must have 1 to 64"
            })
    void wrongTopicIsRefused(String body, String complaint) {
        Api.Reply reply = api.post(ALL, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith(complaint);
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"64,128,201", "65,128,400", "64,129,400"})
    void topicAndDescriptionHaveLimits(int topic, int description, int status) {
        String body = "{\"topic\":\"" + "x".repeat(topic) + "\",\"operation\":\"all\",\"description\":\""
                + "x".repeat(description) + "\"}";

        assertThat(api.post(ALL, body).status()).isEqualTo(status);
    }
}
