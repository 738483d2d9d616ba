// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.DeviceRows.Filter;
import dev.downlink.protocol.DeviceRows.ListDevices;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.SessionRows;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DevicesIT {
    private static final Filter ALL = new Filter(null, null, null, false, null, null, null, null);

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void comeBackAsTheyWereWithTheirProduct() {
        Device device = room.insert(Room.device("d1"));

        DeviceRows.DeviceWithProduct found = room.ask(new DeviceRows.SelectDevice(device.id()));

        assertThat(found.device()).isEqualTo(device);
        assertThat(found.product().services()).isEqualTo(Room.product("meter").services());
        assertThat(found.product().topics()).isEqualTo(Room.product("meter").topics());
    }

    @Test
    void showProductSpaceAndPresence() {
        Device device = room.insert(Room.device("d1"));
        room.ask(new SessionRows.OpenSession(device.id(), 7, "mqtt/7/0", true, 0));

        DeviceRequest.DeviceView view = room.ask(new DeviceRows.SelectDeviceView(device.id()));

        assertThat(view.productName()).isEqualTo("name-meter");
        assertThat(view.spaceName()).isEqualTo("default");
        assertThat(view.presence().holder().address()).isEqualTo("mqtt/7/0");
    }

    @Test
    void aSecretIsNeverStoredInPlainText() throws Exception {
        room.insert(Room.device("d1"));

        try (Connection connection = TestDatabase.connect(uri);
                ResultSet rows = connection.createStatement().executeQuery("SELECT device::text FROM device")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).doesNotContain("secret-of-d1").contains("v1.");
        }
    }

    @Test
    void failuresOfAnInsertAreToldApart() {
        room.insert(Room.device("d1"));
        Device stray = new Device(
                RecordId.next(Room.NOW),
                Room.PROJECT,
                Room.SPACE,
                new ProductId("none"),
                new DeviceId("d3"),
                Room.device("x").node(),
                null,
                null,
                null,
                Room.device("x").auth(),
                null,
                false,
                Room.NOW,
                0);

        assertThat(room.failure(new DeviceRows.InsertDevice(Room.device("d1"), List.of())))
                .isEqualTo(new Failure.DeviceExists(new DeviceId("d1")));
        assertThat(room.failure(new DeviceRows.InsertDevice(Room.device("d2", "nobody", 0), List.of())))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("nobody")));
        assertThat(room.failure(new DeviceRows.InsertDevice(stray, List.of())))
                .isEqualTo(new Failure.ProductNotFound(new ProductId("none")));
        assertThat(room.failure(new DeviceRows.SelectDevice(new DeviceId("d9"))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("d9")));
        assertThat(room.failure(new DeviceRows.SelectDeviceView(new DeviceId("d9"))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("d9")));
    }

    @Test
    void aShadowThatCannotBeWrittenTakesTheDeviceBack() {
        var shadow =
                List.of(new DeviceRequest.Desired("S", new Json("{}")), new DeviceRequest.Desired("S", new Json("{}")));

        assertThat(room.failure(new DeviceRows.InsertDevice(Room.device("d1"), shadow)))
                .isNotNull();
        assertThat(room.failure(new DeviceRows.SelectDevice(new DeviceId("d1"))))
                .isNotNull();
    }

    @Test
    void anUpdateNeedsTheVersionInTheTable() {
        Device device = room.insert(Room.device("d1"));

        room.ask(new DeviceRows.UpdateDeviceRow(device.withFrozen(true)));

        Device after = room.ask(new DeviceRows.SelectDevice(device.id())).device();
        assertThat(after.frozen()).isTrue();
        assertThat(after.version()).isEqualTo(1);
        assertThat(room.failure(new DeviceRows.UpdateDeviceRow(device)))
                .isEqualTo(new Failure.Conflict("device", "d1"));
        assertThat(room.failure(new DeviceRows.UpdateDeviceRow(Room.device("gone"))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("gone")));
    }

    @Test
    void aGatewayStaysWhileItHasSubDevices() {
        room.insert(Room.device("g"));
        room.insert(Room.device("c", "g", 0));

        assertThat(room.ask(new DeviceRows.CountChildren(new DeviceId("g"))).count())
                .isEqualTo(1);
        assertThat(room.failure(new DeviceRows.DeleteDeviceRow(new DeviceId("g"))))
                .isEqualTo(new Failure.InUse("device", "g", "sub-devices"));
        room.ask(new DeviceRows.DeleteDeviceRow(new DeviceId("c")));
        room.ask(new DeviceRows.DeleteDeviceRow(new DeviceId("g")));
        assertThat(room.failure(new DeviceRows.DeleteDeviceRow(new DeviceId("g"))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("g")));
    }

    @Test
    void onlyUnusedRegistrationsExpire() {
        room.insert(Room.device("used", null, 10));
        room.insert(Room.device("unused", null, 10));
        room.insert(Room.device("later", null, 100));
        room.insert(Room.device("never", null, 0));
        room.insert(Room.device("parent", null, 10));
        room.insert(Room.device("child", "parent", 10));
        room.ask(new SessionRows.OpenSession(new DeviceId("used"), 1, "a", true, 0));

        DeviceRows.Deleted deleted = room.ask(new DeviceRows.DeleteUnused(Room.NOW.plusSeconds(50), 10));

        assertThat(deleted.devices()).containsExactly(new DeviceId("unused"));
        assertThat(room.ask(list(ALL, Page.FIRST)).count()).isEqualTo(5);
    }

    @Test
    void pagesAreNewestFirstBelowTheMarker() {
        List<Device> devices = Stream.of("a", "b", "c", "d")
                .map(id -> room.insert(Room.device(id)))
                .toList();

        assertThat(ids(ALL, new Page(2, RecordId.LAST, 0))).containsExactly("d", "c");
        assertThat(ids(ALL, new Page(2, devices.get(2).recordId(), 0))).containsExactly("b", "a");
        assertThat(ids(ALL, new Page(2, RecordId.LAST, 1))).containsExactly("c", "b");
        assertThat(ids(ALL, new Page(2, RecordId.LAST, 500))).isEmpty();
        assertThat(room.ask(list(ALL, new Page(1, devices.getFirst().recordId(), 0)))
                        .count())
                .isEqualTo(4);
    }

    @Test
    void everyFilterNarrowsTheList() {
        room.insert(Room.device("g"));
        room.insert(Room.device("c", "g", 0));
        room.insert(Room.device("cc", "c", 0));
        DeviceId g = new DeviceId("g");

        assertThat(ids(new Filter(null, null, g, false, null, null, null, null), Page.FIRST))
                .containsExactly("c");
        assertThat(ids(new Filter(null, null, g, true, null, null, null, null), Page.FIRST))
                .containsExactly("cc", "c");
        assertThat(ids(new Filter(null, null, null, false, "node-c", null, null, null), Page.FIRST))
                .containsExactly("c");
        assertThat(ids(new Filter(null, null, null, false, null, "name-g", null, null), Page.FIRST))
                .containsExactly("g");
        assertThat(ids(
                        new Filter(Room.SPACE, new ProductId("meter"), null, false, null, null, Room.NOW, Room.NOW),
                        Page.FIRST))
                .hasSize(3);
        assertThat(ids(new Filter(new SpaceId("x"), null, null, false, null, null, null, null), Page.FIRST))
                .isEmpty();
        assertThat(ids(new Filter(null, new ProductId("x"), null, false, null, null, null, null), Page.FIRST))
                .isEmpty();
        assertThat(ids(new Filter(null, null, null, false, null, null, Room.NOW.plusSeconds(1), null), Page.FIRST))
                .isEmpty();
        assertThat(room.ask(new ListDevices(new ProjectId("other"), ALL, Page.FIRST))
                        .count())
                .isZero();
    }

    @Test
    void oneUnreadableRowDoesNotSpoilItsBatch() throws Exception {
        for (int i = 0; i < 20; i++) {
            room.insert(Room.device("d" + i));
        }
        try (Connection connection = TestDatabase.connect(uri)) {
            var _ = connection.createStatement().execute("UPDATE device SET secret = 'broken' WHERE device_id = 'd7'");
        }

        List<Future<DeviceRows.DeviceWithProduct>> reads = Stream.iterate(0, i -> i < 20, i -> i + 1)
                .map(i -> room.bus.ask(new DeviceRows.SelectDevice(new DeviceId("d" + i))))
                .toList();

        room.await(Future.join(reads).transform(_ -> Future.succeededFuture()));
        assertThat(reads.stream().filter(Future::failed).count()).isEqualTo(1);
        assertThat(reads.get(7).failed()).isTrue();
    }

    private List<String> ids(Filter filter, Page page) {
        return room.ask(list(filter, page)).devices().stream()
                .map(v -> v.device().id().value())
                .toList();
    }

    private static ListDevices list(Filter filter, Page page) {
        return new ListDevices(Room.PROJECT, filter, page);
    }
}
