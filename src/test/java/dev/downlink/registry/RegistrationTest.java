// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.CHILD;
import static dev.downlink.registry.Samples.DEFAULT;
import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.GRANDCHILD;
import static dev.downlink.registry.Samples.METER;
import static dev.downlink.registry.Samples.NOW;
import static dev.downlink.registry.Samples.OTHER;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.AuthInfo;
import dev.downlink.model.AuthInfo.Slot;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.DeviceRequest.CreateDevice;
import dev.downlink.protocol.DeviceRequest.Desired;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
        room.repository.devices.add(Samples.device(GATEWAY, null));
        room.repository.devices.add(Samples.device(CHILD, GATEWAY));
        room.repository.devices.add(Samples.device(GRANDCHILD, CHILD));
    }

    @AfterEach
    void stop() {
        room.close();
    }

    @Test
    void deviceIsNamedByProductAndNode() {
        var view = room.ask(Samples.registration("n-1", null));

        assertThat(view.device().id()).isEqualTo(new DeviceId("meter_n-1"));
        assertThat(view.device().created()).isEqualTo(NOW);
        assertThat(view.productName()).isEqualTo("Meter");
        assertThat(view.spaceName()).isEqualTo("space-default");
        assertThat(view.presence()).isNull();
        assertThat(room.repository.devices).contains(view.device());
    }

    @Test
    void givenIdIsTaken() {
        assertThat(room.ask(create(new DeviceId("mine"), null, Samples.secret(null), List.of()))
                        .device()
                        .id())
                .isEqualTo(new DeviceId("mine"));
    }

    private static CreateDevice create(DeviceId id, SpaceId space, AuthInfo auth, List<Desired> shadow) {
        return new CreateDevice(OURS, space, METER, id, new NodeName("n"), null, null, null, auth, null, shadow);
    }

    @Test
    void idTwiceIsRefused() {
        assertThat(room.refusal(create(GATEWAY, null, Samples.secret(null), List.of())))
                .isEqualTo(new Failure.DeviceExists(GATEWAY));
    }

    @Test
    void secretIsMadeWhenNoneIsGiven() {
        var one = room.ask(Samples.registration("n-1", null)).device().auth().secret();
        var other = room.ask(Samples.registration("n-2", null)).device().auth().secret();

        assertThat(one.value()).matches("[0-9a-f]{32}");
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void givenSecretIsTaken() {
        var view = room.ask(create(new DeviceId("mine"), null, Samples.secret("my-own-secret"), List.of()));

        assertThat(view.device().auth().secret()).isEqualTo(new Secret("my-own-secret"));
    }

    @Test
    void certificateDeviceGetsNoSecret() {
        var view = room.ask(create(new DeviceId("mine"), null, Samples.certificate(null), List.of()));

        assertThat(view.device().auth()).isEqualTo(Samples.certificate(null));
    }

    @Test
    void unknownProductIsRefused() {
        CreateDevice q = new CreateDevice(
                OURS,
                null,
                new ProductId("none"),
                null,
                new NodeName("n"),
                null,
                null,
                null,
                Samples.secret(null),
                null,
                List.of());

        assertThat(room.refusal(q)).isEqualTo(new Failure.ProductNotFound(new ProductId("none")));
    }

    @Test
    void anotherProjectsProductIsUnknown() {
        CreateDevice q = new CreateDevice(
                THEIRS, null, METER, null, new NodeName("n"), null, null, null, Samples.secret(null), null, List.of());

        assertThat(room.refusal(q)).isEqualTo(new Failure.ProductNotFound(METER));
    }

    @Test
    void productMustBeInTheGivenSpace() {
        assertThat(room.refusal(create(new DeviceId("mine"), OTHER, Samples.secret(null), List.of())))
                .isEqualTo(new Failure.ProductNotFound(METER));
    }

    @Test
    void unknownSpaceIsRefused() {
        SpaceId none = new SpaceId("none");

        assertThat(room.refusal(create(new DeviceId("mine"), none, Samples.secret(null), List.of())))
                .isEqualTo(new Failure.SpaceNotFound(none));
    }

    @Test
    void deviceIsInItsProductsSpace() {
        room.repository.products.addFirst(Samples.product(OTHER));

        var byDefault = room.ask(create(new DeviceId("a"), null, Samples.secret(null), List.of()));
        var named = room.ask(create(new DeviceId("b"), OTHER, Samples.secret(null), List.of()));

        assertThat(byDefault.device().space()).isEqualTo(DEFAULT);
        assertThat(named.device().space()).isEqualTo(OTHER);
    }

    @Test
    void childAndGrandchildAreRegisteredUnderTheirGateway() {
        var child = room.ask(Samples.registration("n-1", GATEWAY));
        var grandchild = room.ask(Samples.registration("n-2", CHILD));

        assertThat(child.device().parent()).isEqualTo(GATEWAY);
        assertThat(grandchild.device().parent()).isEqualTo(CHILD);
    }

    @Test
    void thirdLevelIsRefused() {
        assertThat(room.refusal(Samples.registration("n-1", GRANDCHILD)))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("gateway_id"));
        assertThat(room.repository.asked(DeviceRows.InsertDevice.class)).isEmpty();
    }

    @Test
    void unknownGatewayIsRefused() {
        DeviceId none = new DeviceId("none");

        assertThat(room.refusal(Samples.registration("n-1", none))).isEqualTo(new Failure.DeviceNotFound(none));
    }

    @Test
    void anotherProjectsGatewayIsUnknown() {
        room.repository.on(
                DeviceRows.SelectDevice.class,
                _ -> Future.succeededFuture(new DeviceRows.DeviceWithProduct(
                        Samples.in(THEIRS, Samples.device(GATEWAY, null)), Samples.product(DEFAULT))));

        assertThat(room.refusal(Samples.registration("n-1", GATEWAY))).isEqualTo(new Failure.DeviceNotFound(GATEWAY));
    }

    @Test
    void gatewayTakesItsLastChild() {
        room.repository.on(DeviceRows.CountChildren.class, _ -> Future.succeededFuture(new DeviceRows.Count(49_999)));

        assertThat(room.ask(Samples.registration("n-1", GATEWAY)).device().parent())
                .isEqualTo(GATEWAY);
    }

    @Test
    void fullGatewayTakesNoMore() {
        room.repository.on(DeviceRows.CountChildren.class, _ -> Future.succeededFuture(new DeviceRows.Count(50_000)));

        assertThat(room.refusal(Samples.registration("n-1", GATEWAY)))
                .isEqualTo(new Failure.LimitReached("sub-devices of a gateway", 50_000));
    }

    @Test
    void firstShadowHasTheProductsDefaults() {
        var view = room.ask(Samples.registration("n-1", null));

        assertThat(room.repository.shadows.get(view.device().id()))
                .containsExactly(new Desired("Meter", new Json("{\"interval\":60,\"limit\":1.50}")));
    }

    @Test
    void givenValuesWinOverDefaultsPropertyByProperty() {
        DeviceId id = new DeviceId("mine");
        Json given = new Json("{\"limit\": 2.250, \"level\": {\"a\": [1, null]}}");

        room.ask(create(id, null, Samples.secret(null), List.of(new Desired("Meter", given))));

        assertThat(room.repository.shadows.get(id))
                .containsExactly(
                        new Desired("Meter", new Json("{\"interval\":60,\"limit\":2.250,\"level\":{\"a\":[1,null]}}")));
    }

    @Test
    void shadowOfAnUnknownServiceIsRefused() {
        assertThat(room.refusal(create(
                        new DeviceId("mine"),
                        null,
                        Samples.secret(null),
                        List.of(new Desired("None", new Json("{}"))))))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("shadow"));
    }

    @Test
    void shadowThatIsNoObjectIsRefused() {
        assertThat(room.refusal(create(
                        new DeviceId("mine"),
                        null,
                        Samples.secret(null),
                        List.of(new Desired("Meter", new Json("[1]"))))))
                .isEqualTo(new Failure.Invalid("shadow", "desired values must be a JSON object"));
    }

    @Test
    void secondarySecretStaysAsGiven() {
        AuthInfo both = Samples.secret("first-secret").withSecret(Slot.SECONDARY, new Secret("second-secret"));

        assertThat(room.ask(create(new DeviceId("mine"), null, both, List.of()))
                        .device()
                        .auth())
                .isEqualTo(both);
    }
}
