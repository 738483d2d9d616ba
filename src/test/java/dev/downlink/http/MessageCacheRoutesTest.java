// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRequest.ProductView;
import dev.downlink.protocol.ProductRequest.SetMessageCache;
import dev.downlink.protocol.ProductRequest.ShowProduct;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCacheRoutesTest {
    private static final String PATH = "/v5/iot/p1/products/made/message-cache";

    private final Api api = new Api(1, 100);

    @BeforeEach
    void answer() {
        api.fake(q -> switch (q) {
            case ShowProduct _ -> product(null);
            case SetMessageCache set -> product(set.cache());
            default -> null;
        });
    }

    private static ProductView product(@Nullable MessageCache cache) {
        ProductView view = ProductRoutesTest.view(List.of());
        return new ProductView(view.product().withMessageCache(cache), view.spaceName());
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void productWithoutItsOwnHasThatOfTheSettings() {
        assertThat(api.get(PATH).text())
                .isEqualTo("{\"max_messages\":20,\"overflow\":\"replace_oldest\",\"source\":\"default\"}");
    }

    @Test
    void productMayHaveItsOwn() {
        api.fake(_ -> product(new MessageCache(5, Overflow.REFUSE)));

        assertThat(api.get(PATH).text())
                .isEqualTo("{\"max_messages\":5,\"overflow\":\"refuse\",\"source\":\"product\"}");
    }

    @Test
    void putAnswersWhatIsInForceNow() {
        Api.Reply reply = api.put(PATH + "?app_id=s9", "{\"max_messages\":7,\"overflow\":\"refuse\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"max_messages\":7,\"overflow\":\"refuse\",\"source\":\"product\"}");
        assertThat(api.asked(SetMessageCache.class))
                .isEqualTo(new SetMessageCache(
                        new ProjectId("p1"),
                        new SpaceId("s9"),
                        new ProductId("made"),
                        new MessageCache(7, Overflow.REFUSE)));
    }

    @Test
    void deleteTakesTheProductsOwnAway() {
        Api.Reply reply = api.delete(PATH);

        assertThat(reply.status()).isEqualTo(204);
        assertThat(api.asked(SetMessageCache.class).cache()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void numberMayHaveItsLimits(int max) {
        assertThat(api.put(PATH, "{\"max_messages\":" + max + ",\"overflow\":\"replace_oldest\"}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"overflow\":\"refuse\"}|max_messages is mandatory.",
                "{\"max_messages\":\"5\",\"overflow\":\"refuse\"}|max_messages must be an integer.",
                "{\"max_messages\":0,\"overflow\":\"refuse\"}|max_messages must be from 1 to 1000.",
                "{\"max_messages\":1001,\"overflow\":\"refuse\"}|max_messages must be from 1 to 1000.",
                "{\"max_messages\":5}|overflow is mandatory.",
                "{\"max_messages\":5,\"overflow\":\"REFUSE\"}|overflow must be replace_oldest or refuse."
            })
    void whatIsWrongIsNamed(String body, String complaint) {
        Api.Reply reply = api.put(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo(complaint);
        assertThat(api.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void unknownProductIsNotFound(String method) {
        api.fail(new Failure.ProductNotFound(new ProductId("made")));

        Api.Reply reply =
                api.signed(method, PATH, method.equals("PUT") ? "{\"max_messages\":5,\"overflow\":\"refuse\"}" : null);

        assertThat(reply.status()).isEqualTo(404);
    }
}
