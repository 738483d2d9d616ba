// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.DEFAULT;
import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.METER;
import static dev.downlink.registry.Samples.NOW;
import static dev.downlink.registry.Samples.OTHER;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.CustomTopic.Operation;
import dev.downlink.model.MessageCache;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.ProductRequest.CreateProduct;
import dev.downlink.protocol.ProductRequest.DeleteProduct;
import dev.downlink.protocol.ProductRequest.Draft;
import dev.downlink.protocol.ProductRequest.PutTopic;
import dev.downlink.protocol.ProductRequest.RemoveTopic;
import dev.downlink.protocol.ProductRequest.SetMessageCache;
import dev.downlink.protocol.ProductRequest.ShowProduct;
import dev.downlink.protocol.ProductRequest.UpdateProduct;
import dev.downlink.protocol.ProductRows;
import dev.downlink.protocol.Request;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProductsTest {
    private static final Draft NOTHING = new Draft(null, null, null, null, null, null, null, null);
    private static final CustomTopic TOPIC = new CustomTopic("a/b", Operation.ALL, null);

    private static final MessageCache CACHE = new MessageCache(5, MessageCache.Overflow.REFUSE);

    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
    }

    @AfterEach
    void stop() {
        room.close();
    }

    private void announced() {
        await().untilAsserted(() -> assertThat(room.events).contains(new Notice.ProductChanged(OURS, METER)));
    }

    private Product stored() {
        return room.repository.products.getFirst();
    }

    @Test
    void productIsCreatedInTheDefaultSpace() {
        var view = room.ask(new CreateProduct(OURS, null, new ProductId("p"), Samples.draft("New")));

        assertThat(view.product().space()).isEqualTo(DEFAULT);
        assertThat(view.spaceName()).isEqualTo("space-default");
        assertThat(view.product().name()).isEqualTo("New");
        assertThat(view.product().created()).isEqualTo(NOW);
        assertThat(room.repository.products).contains(view.product());
    }

    @Test
    void productIsCreatedInTheGivenSpace() {
        var view = room.ask(new CreateProduct(OURS, OTHER, METER, Samples.draft("New")));

        assertThat(view.product().space()).isEqualTo(OTHER);
        assertThat(view.spaceName()).isEqualTo("space-other");
    }

    @Test
    void productIdIsMadeWhenNoneIsGiven() {
        var one = room.ask(new CreateProduct(OURS, null, null, Samples.draft("New")));
        var other = room.ask(new CreateProduct(OURS, null, null, Samples.draft("New")));

        assertThat(one.product().id().value()).matches("[0-9a-f]{24}");
        assertThat(other.product().id()).isNotEqualTo(one.product().id());
    }

    @Test
    void limitPerProjectIsTheContracts() {
        room.ask(new CreateProduct(OURS, null, null, Samples.draft("New")));

        assertThat(room.repository.asked(ProductRows.InsertProduct.class))
                .extracting(ProductRows.InsertProduct::maxPerProject)
                .containsExactly(1000);
    }

    @Test
    void idTwiceInASpaceIsRefused() {
        assertThat(room.refusal(new CreateProduct(OURS, null, METER, Samples.draft("New"))))
                .isEqualTo(new Failure.AlreadyExists("product", "meter"));
    }

    @Test
    void unknownSpaceIsRefused() {
        SpaceId none = new SpaceId("none");

        assertThat(room.refusal(new CreateProduct(OURS, none, null, Samples.draft("New"))))
                .isEqualTo(new Failure.SpaceNotFound(none));
    }

    @Test
    void anotherProjectsSpaceIsUnknown() {
        assertThat(room.refusal(new CreateProduct(THEIRS, OTHER, null, Samples.draft("New"))))
                .isEqualTo(new Failure.SpaceNotFound(OTHER));
    }

    @Test
    void projectWithoutSpacesIsUnknown() {
        assertThat(room.refusal(new CreateProduct(THEIRS, null, null, Samples.draft("New"))))
                .isEqualTo(new Failure.NotFound("project", "theirs"));
    }

    static Stream<Arguments> draftsWithAHole() {
        var services = List.of(Samples.service());
        return Stream.of(
                Arguments.of("name", new Draft(null, "t", "MQTT", "json", null, null, null, services)),
                Arguments.of("device_type", new Draft("n", null, "MQTT", "json", null, null, null, services)),
                Arguments.of("protocol_type", new Draft("n", "t", null, "json", null, null, null, services)),
                Arguments.of("data_format", new Draft("n", "t", "MQTT", null, null, null, null, services)),
                Arguments.of("service_capabilities", new Draft("n", "t", "MQTT", "json", null, null, null, null)));
    }

    @ParameterizedTest
    @MethodSource("draftsWithAHole")
    void mandatoryFieldIsMissed(String field, Draft draft) {
        assertThat(room.refusal(new CreateProduct(OURS, null, null, draft)))
                .isEqualTo(new Failure.Invalid(field, "is mandatory"));
    }

    @Test
    void fieldThatBreaksARuleIsNamed() {
        Draft draft = new Draft("n", "t", "Pigeon", "json", null, null, null, List.of());

        assertThat(room.refusal(new CreateProduct(OURS, null, null, draft)))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("protocol_type"));
    }

    @Test
    void defaultSpaceIsSearchedFirst() {
        room.repository.products.addFirst(Samples.product(OTHER));

        assertThat(room.ask(new ShowProduct(OURS, null, METER)).product().space())
                .isEqualTo(DEFAULT);
    }

    @Test
    void oldestIsTakenWhenTheDefaultSpaceHasNone() {
        SpaceId third = new SpaceId("third");
        room.repository.spaces.add(Samples.space(third));
        room.repository.products.clear();
        room.repository.products.add(Samples.product(third));
        room.repository.products.add(Samples.product(OTHER));

        assertThat(room.ask(new ShowProduct(OURS, null, METER)).product().space())
                .isEqualTo(third);
    }

    @Test
    void givenSpaceIsTheOnlyOneSearched() {
        room.repository.products.add(Samples.product(OTHER));

        assertThat(room.ask(new ShowProduct(OURS, OTHER, METER)).product().space())
                .isEqualTo(OTHER);
    }

    static Stream<Request<?>> allThatNameAProduct() {
        return Stream.of(
                new ShowProduct(THEIRS, null, METER),
                new UpdateProduct(THEIRS, null, METER, NOTHING),
                new DeleteProduct(THEIRS, null, METER),
                new PutTopic(THEIRS, null, METER, TOPIC),
                new RemoveTopic(THEIRS, null, METER, "a/b"),
                new SetMessageCache(THEIRS, null, METER, CACHE));
    }

    @ParameterizedTest
    @MethodSource("allThatNameAProduct")
    void anotherProjectsProductDoesNotExist(Request<?> request) {
        assertThat(room.refusal(request)).isEqualTo(new Failure.ProductNotFound(METER));
        assertThat(stored().version()).isEqualTo(1);
    }

    @Test
    void updateReplacesWhatIsGiven() {
        Draft draft = new Draft(null, "Gas", null, null, null, "energy", null, null);

        var view = room.ask(new UpdateProduct(OURS, null, METER, draft));

        assertThat(view.product()).isEqualTo(stored());
        assertThat(stored().name()).isEqualTo("Meter");
        assertThat(stored().deviceType()).isEqualTo("Gas");
        assertThat(stored().industry()).isEqualTo("energy");
        assertThat(stored().manufacturerName()).isEqualTo("Maker");
        assertThat(stored().services()).hasSize(1);
        assertThat(stored().version()).isEqualTo(2);
        announced();
    }

    @Test
    void productCannotBecomeCoap() {
        Draft draft = new Draft(null, null, "CoAP", null, null, null, null, null);

        assertThat(room.refusal(new UpdateProduct(OURS, null, METER, draft)))
                .isEqualTo(new Failure.Invalid("protocol_type", "cannot be changed to CoAP"));
    }

    @Test
    void productThatIsCoapStaysSo() {
        Draft coap = new Draft("n", "t", "CoAP", "json", null, null, null, List.of());
        room.ask(new CreateProduct(OURS, null, new ProductId("coap"), coap));

        assertThat(room.ask(new UpdateProduct(OURS, null, new ProductId("coap"), coap))
                        .product()
                        .protocolType())
                .isEqualTo("CoAP");
    }

    @Test
    void updateOfAStaleRowIsTriedAgain() {
        conflicts(3);

        room.ask(new UpdateProduct(OURS, null, METER, Samples.draft("New")));

        assertThat(stored().name()).isEqualTo("New");
        assertThat(room.repository.asked(ProductRows.SelectProducts.class)).hasSize(4);
    }

    @Test
    void updateGivesUpAfterThreeMoreTries() {
        conflicts(4);

        assertThat(room.refusal(new UpdateProduct(OURS, null, METER, Samples.draft("New"))))
                .isEqualTo(new Failure.Conflict("product", "meter"));
        assertThat(room.repository.asked(ProductRows.UpdateProductRow.class)).hasSize(4);
    }

    private void conflicts(int times) {
        room.repository.on(
                ProductRows.UpdateProductRow.class,
                _ -> room.repository.asked(ProductRows.UpdateProductRow.class).size() <= times
                        ? Future.failedFuture(new Failed(new Failure.Conflict("product", "meter")))
                        : null);
    }

    @Test
    void deletedProductIsGone() {
        room.ask(new DeleteProduct(OURS, null, METER));

        assertThat(room.repository.products).isEmpty();
        announced();
    }

    @Test
    void productWithDevicesIsNotDeleted() {
        room.repository.devices.add(Samples.device(GATEWAY, null));

        assertThat(room.refusal(new DeleteProduct(OURS, null, METER)))
                .isEqualTo(new Failure.InUse("product", "meter", "devices"));
    }

    @Test
    void topicIsAdded() {
        var view = room.ask(new PutTopic(OURS, null, METER, TOPIC));

        assertThat(view.product().topics()).containsExactly(TOPIC);
        assertThat(stored()).isEqualTo(view.product());
        announced();
    }

    @Test
    void topicWithTheSameSuffixIsReplaced() {
        CustomTopic changed = new CustomTopic("a/b", Operation.PUBLISH, "only up");
        room.ask(new PutTopic(OURS, null, METER, TOPIC));

        assertThat(room.ask(new PutTopic(OURS, null, METER, changed)).product().topics())
                .containsExactly(changed);
    }

    @Test
    void fiftyFirstTopicIsRefused() {
        for (int i = 0; i < 50; i++) {
            room.ask(new PutTopic(OURS, null, METER, new CustomTopic("t" + i, Operation.ALL, null)));
        }

        assertThat(room.refusal(new PutTopic(OURS, null, METER, TOPIC)))
                .isEqualTo(new Failure.LimitReached("custom topics of a product", 50));
        assertThat(stored().topics()).hasSize(50);
    }

    @Test
    void topicIsRemoved() {
        room.ask(new PutTopic(OURS, null, METER, TOPIC));

        assertThat(room.ask(new RemoveTopic(OURS, null, METER, "a/b")).product().topics())
                .isEmpty();
    }

    @Test
    void unknownTopicCannotBeRemoved() {
        assertThat(room.refusal(new RemoveTopic(OURS, null, METER, "a/b")))
                .isEqualTo(new Failure.NotFound("topic", "a/b"));
    }

    @Test
    void messageCacheIsSet() {
        var view = room.ask(new SetMessageCache(OURS, null, METER, CACHE));

        assertThat(view.product().messageCache()).isEqualTo(CACHE);
        assertThat(view.product().version()).isEqualTo(2);
        assertThat(stored()).isEqualTo(view.product());
        announced();
    }

    @Test
    void messageCacheOfTheGivenSpaceIsSet() {
        room.repository.products.add(Samples.product(OTHER));

        room.ask(new SetMessageCache(OURS, OTHER, METER, CACHE));

        assertThat(room.repository.products)
                .filteredOn(product -> product.messageCache() != null)
                .extracting(Product::space)
                .containsExactly(OTHER);
    }

    @Test
    void messageCacheIsTakenAway() {
        room.ask(new SetMessageCache(OURS, null, METER, CACHE));

        room.ask(new SetMessageCache(OURS, null, METER, null));

        assertThat(stored().messageCache()).isNull();
        assertThat(stored().topics()).isEmpty();
    }

    @Test
    void messageCacheSurvivesOtherChanges() {
        room.ask(new SetMessageCache(OURS, null, METER, CACHE));

        room.ask(new UpdateProduct(OURS, null, METER, Samples.draft("New")));
        room.ask(new PutTopic(OURS, null, METER, TOPIC));
        room.ask(new RemoveTopic(OURS, null, METER, "a/b"));

        assertThat(stored().name()).isEqualTo("New");
        assertThat(stored().messageCache()).isEqualTo(CACHE);
    }
}
