// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.CHILD;
import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.GRANDCHILD;
import static dev.downlink.registry.Samples.METER;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.Versions;
import dev.downlink.protocol.AdapterRequest.NotifyGateway;
import dev.downlink.protocol.DeviceRequest.ChangeGateway;
import dev.downlink.protocol.DeviceRequest.DeleteDevice;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Notice.DeviceChanged;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.SubDeviceRequest.AddSubDevices;
import dev.downlink.protocol.SubDeviceRequest.Added;
import dev.downlink.protocol.SubDeviceRequest.Addition;
import dev.downlink.protocol.SubDeviceRequest.DeleteSubDevices;
import dev.downlink.protocol.SubDeviceRequest.Draft;
import dev.downlink.protocol.SubDeviceRequest.Outcome;
import dev.downlink.protocol.SubDeviceRequest.Outcomes;
import dev.downlink.protocol.SubDeviceRequest.ReportStatuses;
import dev.downlink.protocol.SubDeviceRequest.ReportVersions;
import dev.downlink.protocol.SubDeviceRequest.Status;
import dev.downlink.protocol.SubDeviceRows.CollectStragglers;
import dev.downlink.protocol.SubDeviceRows.Collected;
import dev.downlink.protocol.SubDeviceRows.MoveDevice;
import dev.downlink.protocol.SubDeviceRows.UpsertChildStatus;
import dev.downlink.protocol.SubDeviceRows.UpsertVersions;
import io.vertx.core.Future;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gateways say, and moves of sub-devices. */
class SubDevicesTest {
    private static final DeviceId ANOTHER = new DeviceId("another");
    private static final DeviceId FOREIGN = new DeviceId("foreign");

    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
        room.repository.devices.add(Samples.device(GATEWAY, null));
        room.repository.devices.add(Samples.device(CHILD, GATEWAY));
        room.repository.devices.add(Samples.device(GRANDCHILD, CHILD));
        room.repository.devices.add(Samples.device(ANOTHER, null));
        room.repository.devices.add(Samples.device(FOREIGN, ANOTHER));
    }

    @AfterEach
    void stop() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "child", "grandchild"})
    void connectionSpeaksForItsDeviceAndAllBelowIt(String device) {
        var target = room.ask(new FindRelative(GATEWAY, new DeviceId(device)));

        assertThat(target.device().id()).isEqualTo(new DeviceId(device));
        assertThat(target.connection()).isEqualTo(GATEWAY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"foreign", "another", "nobody"})
    void connectionSpeaksForNobodyElse(String device) {
        DeviceId id = new DeviceId(device);

        assertThat(room.refusal(new FindRelative(GATEWAY, id))).isEqualTo(new Failure.DeviceNotFound(id));
        assertThat(room.refusal(new ReportVersions(GATEWAY, id, Versions.UNKNOWN)))
                .isEqualTo(new Failure.DeviceNotFound(id));
    }

    @Test
    void versionsAreStored() {
        Versions versions = new Versions("1", null, null);

        room.ask(new ReportVersions(GATEWAY, CHILD, versions));

        assertThat(room.repository.asked(UpsertVersions.class)).containsExactly(new UpsertVersions(CHILD, versions));
    }

    @Test
    void statusesAreStoredOfThoseBelowTheGatewayOnly() {
        Outcomes outcomes = room.ask(new ReportStatuses(
                GATEWAY,
                List.of(
                        new Status(GRANDCHILD, true),
                        new Status(FOREIGN, true),
                        new Status(GATEWAY, true),
                        new Status(CHILD, false),
                        new Status(CHILD, true))));

        assertThat(outcomes.all())
                .containsExactly(
                        new Outcome(GRANDCHILD, null),
                        new Outcome(FOREIGN, new Failure.DeviceNotFound(FOREIGN)),
                        new Outcome(GATEWAY, new Failure.Invalid("device_id", "must name a sub-device")),
                        new Outcome(CHILD, null),
                        new Outcome(CHILD, null));
        assertThat(room.repository.asked(UpsertChildStatus.class))
                .containsExactlyInAnyOrder(
                        new UpsertChildStatus(GRANDCHILD, true),
                        new UpsertChildStatus(CHILD, false),
                        new UpsertChildStatus(CHILD, true))
                .containsSubsequence(new UpsertChildStatus(CHILD, false), new UpsertChildStatus(CHILD, true));
    }

    @Test
    void gatewayRegistersByTheRulesOfTheApplication() {
        Added added = room.ask(new AddSubDevices(
                GATEWAY,
                List.of(
                        draft(null, "n1", "Name"),
                        draft(new DeviceId("meter_n1"), "n2", null),
                        draft(GRANDCHILD, "n3", null),
                        draft(FOREIGN, "n4", null),
                        draft(null, "n1", null),
                        draft(null, "n5", "not a name \""),
                        new Draft(null, new NodeName("n6"), null, null, null, new ProductId("none"), null))));

        assertThat(added.all().stream().map(Addition::failure).toList())
                .satisfiesExactly(
                        f -> assertThat(f).isNull(),
                        f -> assertThat(f).isNull(),
                        f -> assertThat(f).isInstanceOf(Failure.Invalid.class),
                        f -> assertThat(f).isEqualTo(new Failure.DeviceNotFound(FOREIGN)),
                        f -> assertThat(f).isEqualTo(new Failure.DeviceExists(new DeviceId("meter_n1"))),
                        f -> assertThat(f).isInstanceOf(Failure.Invalid.class),
                        f -> assertThat(f).isInstanceOf(Failure.ProductNotFound.class));
        var first = added.all().getFirst().device();
        assertThat(first.id()).isEqualTo(new DeviceId("meter_n1"));
        assertThat(first.parent()).isEqualTo(GATEWAY);
        assertThat(first.details().name()).isEqualTo("Name");
        assertThat(first.details().status()).isEqualTo(DeviceStatus.INACTIVE);
        assertThat(added.all().get(1).device().parent()).isEqualTo(first.id());
    }

    private static Draft draft(@Nullable DeviceId parent, String node, @Nullable String name) {
        return new Draft(parent, new NodeName(node), null, name, null, METER, null);
    }

    @Test
    void gatewayDeletesOnlyItsOwn() {
        Outcomes outcomes = room.ask(new DeleteSubDevices(GATEWAY, List.of(CHILD, GRANDCHILD, FOREIGN, GATEWAY)));

        assertThat(outcomes.all())
                .containsExactly(
                        new Outcome(CHILD, new Failure.InUse("device", "child", "sub-devices")),
                        new Outcome(GRANDCHILD, null),
                        new Outcome(FOREIGN, new Failure.DeviceNotFound(FOREIGN)),
                        new Outcome(GATEWAY, new Failure.Invalid("device_id", "must name a sub-device")));
        assertThat(room.repository.asked(DeviceRows.DeleteDeviceRow.class)).hasSize(2);
    }

    // gateways are told

    @Test
    void connectedGatewayIsToldOfWhatTheApplicationRegistersAndDeletes() {
        room.connect(GATEWAY, 3);
        room.startAdapter();

        room.ask(Samples.registration("n", CHILD));
        awaitTold(new NotifyGateway(GATEWAY, false));
        room.ask(new DeleteDevice(OURS, GRANDCHILD));

        awaitTold(new NotifyGateway(GATEWAY, false), new NotifyGateway(GATEWAY, false));
    }

    @Test
    void gatewayIsNotToldOfWhatItDidItself() {
        room.connect(GATEWAY, 3);
        room.startAdapter();

        room.ask(new AddSubDevices(GATEWAY, List.of(draft(null, "n1", null))));
        room.ask(new DeleteSubDevices(GATEWAY, List.of(GRANDCHILD)));
        room.ask(Samples.registration("n", GATEWAY));

        awaitTold(new NotifyGateway(GATEWAY, false));
    }

    private void awaitTold(NotifyGateway... all) {
        Awaitility.await().untilAsserted(() -> assertThat(room.notified).containsExactlyInAnyOrder(all));
    }

    // moves

    @Test
    void subDeviceMovesAndBothGatewaysAreTold() {
        room.connect(GATEWAY, 3);
        room.connect(ANOTHER, 4);
        room.startAdapter();

        room.ask(new ChangeGateway(OURS, CHILD, ANOTHER));

        assertThat(room.repository.asked(MoveDevice.class))
                .containsExactly(new MoveDevice(known(CHILD), true, known(ANOTHER)));
        awaitTold(new NotifyGateway(GATEWAY, true), new NotifyGateway(ANOTHER, true));
        Awaitility.await().untilAsserted(() -> assertThat(room.events).contains(new DeviceChanged(CHILD)));
    }

    @Test
    void moveBelowTheSameConnectionIsToldOnce() {
        room.repository.devices.add(Samples.device(new DeviceId("sister"), GATEWAY));
        room.connect(GATEWAY, 3);
        room.startAdapter();

        room.ask(new ChangeGateway(OURS, new DeviceId("sister"), CHILD));

        awaitTold(new NotifyGateway(GATEWAY, false));
    }

    @Test
    void deviceThatIsThereAlreadyDoesNotMove() {
        room.ask(new ChangeGateway(OURS, CHILD, GATEWAY));

        assertThat(room.repository.asked(MoveDevice.class)).isEmpty();
    }

    @Test
    void deviceOrGatewayOfAnotherProjectIsNotThere() {
        assertThat(room.refusal(new ChangeGateway(THEIRS, CHILD, ANOTHER))).isInstanceOf(Failure.DeviceNotFound.class);
        assertThat(room.refusal(new ChangeGateway(OURS, CHILD, new DeviceId("nobody"))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("nobody")));
    }

    @Test
    void onlySubDevicesMove() {
        assertThat(room.refusal(new ChangeGateway(OURS, ANOTHER, GATEWAY)))
                .isEqualTo(new Failure.Invalid("device_id", "must name a sub-device"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"child", "grandchild"})
    void deviceDoesNotMoveBelowItself(String gateway) {
        assertThat(room.refusal(new ChangeGateway(OURS, CHILD, new DeviceId(gateway))))
                .isEqualTo(new Failure.Invalid("gateway_id", "must not name the device itself or one below it"));
    }

    @Test
    void noMoreThanTwoLevelsComeOfAMove() {
        assertThat(room.refusal(new ChangeGateway(OURS, CHILD, FOREIGN))).isInstanceOf(Failure.Invalid.class);
        assertThat(room.refusal(new ChangeGateway(OURS, FOREIGN, GRANDCHILD))).isInstanceOf(Failure.Invalid.class);
    }

    @Test
    void gatewayHasRoomForSoMany() {
        room.repository.on(
                DeviceRows.CountChildren.class,
                q -> q.gateway().equals(ANOTHER)
                        ? Future.succeededFuture(new DeviceRows.Count(50_000))
                        : Future.succeededFuture(new DeviceRows.Count(0)));

        assertThat(room.refusal(new ChangeGateway(OURS, CHILD, ANOTHER)))
                .isEqualTo(new Failure.LimitReached("sub-devices of a gateway", 50_000));
    }

    @Test
    void moveIsDecidedAgainWhenSomebodyElseWasQuicker() {
        room.repository.on(
                MoveDevice.class,
                q -> room.repository.asked(MoveDevice.class).size() == 1
                        ? Future.failedFuture(new Failed(new Failure.Conflict("device", "child")))
                        : null);

        room.ask(new ChangeGateway(OURS, CHILD, ANOTHER));

        assertThat(room.repository.asked(MoveDevice.class)).hasSize(2);
    }

    @Test
    void connectionsWhoseDevicesMovedAreLookedAfter() {
        room.close();
        room = new Room();
        room.repository.devices.add(Samples.device(GATEWAY, null));
        room.connect(GATEWAY, 3);
        room.startAdapter();
        room.repository.on(
                CollectStragglers.class,
                _ -> Future.succeededFuture(new Collected(
                        List.of(GATEWAY),
                        room.repository.asked(CollectStragglers.class).size() < 3)));

        room.start(() -> Samples.NOW, Room.CALM, 1);

        awaitTold(new NotifyGateway(GATEWAY, true), new NotifyGateway(GATEWAY, true), new NotifyGateway(GATEWAY, true));
    }

    private Device known(DeviceId id) {
        return room.repository.devices.stream()
                .filter(d -> d.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
