// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.GroupRequest.GroupDevice;
import dev.downlink.protocol.GroupRequest.GroupDevices;
import dev.downlink.protocol.GroupRows.DeleteGroupRow;
import dev.downlink.protocol.GroupRows.DeleteMember;
import dev.downlink.protocol.GroupRows.Filter;
import dev.downlink.protocol.GroupRows.GroupPage;
import dev.downlink.protocol.GroupRows.InsertGroup;
import dev.downlink.protocol.GroupRows.InsertMember;
import dev.downlink.protocol.GroupRows.ListGroups;
import dev.downlink.protocol.GroupRows.ListMembers;
import dev.downlink.protocol.GroupRows.SelectDynamicGroups;
import dev.downlink.protocol.GroupRows.SelectGroup;
import dev.downlink.protocol.GroupRows.SelectGroupsOf;
import dev.downlink.protocol.GroupRows.UpdateGroupRow;
import dev.downlink.protocol.Page;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupsIT {
    private static final DeviceId D = new DeviceId("d1");
    private static final ProjectId OTHER = new ProjectId("p2");
    private static final Page ALL = new Page(50, RecordId.LAST, 0);
    private static final Filter NONE = new Filter(null, null, null, null);

    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @AfterEach
    void close() {
        room.close();
    }

    private static DeviceGroup group(String id, @Nullable String above, @Nullable String rule) {
        return new DeviceGroup(
                RecordId.next(Room.NOW),
                Room.PROJECT,
                Room.SPACE,
                new GroupId(id),
                "name-" + id,
                "about",
                above == null ? null : new GroupId(above),
                rule,
                Room.NOW);
    }

    @CanIgnoreReturnValue
    private DeviceGroup insert(String id, @Nullable String above, @Nullable String rule) {
        DeviceGroup group = group(id, above, rule);
        room.ask(new InsertGroup(group, 10, 2));
        return group;
    }

    private static InsertMember member(String group, DeviceId device) {
        return new InsertMember(Room.PROJECT, new GroupId(group), device, 3, 2);
    }

    private List<String> members(String group) {
        GroupDevices found = room.ask(new ListMembers(Room.PROJECT, new GroupId(group), ALL, true));
        assertThat(found.count()).isEqualTo(found.devices().size());
        return found.devices().stream().map(device -> device.device().value()).toList();
    }

    @Test
    void aGroupIsReadAsItWasWritten() {
        DeviceGroup top = insert("top", null, null);
        DeviceGroup below = insert("below", "top", null);
        DeviceGroup dynamic = insert("dynamic", null, "status = 'ONLINE'");

        for (DeviceGroup group : List.of(top, below, dynamic)) {
            assertThat(room.ask(new SelectGroup(Room.PROJECT, group.id())).group())
                    .isEqualTo(group);
        }
        assertThat(room.ask(new SelectDynamicGroups(Room.PROJECT)).groups()).containsExactly(dynamic);
    }

    @Test
    void listsAreNewestFirstAndFiltered() {
        insert("a", null, null);
        insert("b", null, "status = 'ONLINE'");
        insert("c", "a", null);

        assertThat(listed(NONE, ALL)).isEqualTo("3[c, b, a]");
        assertThat(listed(NONE, new Page(1, RecordId.LAST, 1))).isEqualTo("3[b]");
        assertThat(listed(new Filter(Room.SPACE, false, null, null), ALL)).isEqualTo("2[c, a]");
        assertThat(listed(new Filter(null, true, null, null), ALL)).isEqualTo("1[b]");
        assertThat(listed(new Filter(null, null, "name-c", null), ALL)).isEqualTo("1[c]");
        room.ask(new UpdateGroupRow(
                Room.PROJECT, new GroupId("a"), null, "changed", Instant.parse("2025-02-01T00:00:00Z")));
        assertThat(listed(new Filter(null, null, null, Instant.parse("2025-02-01T00:00:00Z")), ALL))
                .isEqualTo("1[a]");
    }

    private String listed(Filter filter, Page page) {
        GroupPage found = room.ask(new ListGroups(Room.PROJECT, filter, page));
        return found.count()
                + found.groups().stream().map(DeviceGroup::id).toList().toString();
    }

    @Test
    void namesAreUniqueInASpace() {
        insert("a", null, null);
        insert("b", null, null);
        DeviceGroup twin = group("c", null, null);

        assertThat(room.failure(new InsertGroup(
                        new DeviceGroup(
                                twin.recordId(),
                                twin.project(),
                                twin.space(),
                                twin.id(),
                                "name-a",
                                null,
                                null,
                                null,
                                twin.created()),
                        10,
                        2)))
                .isEqualTo(new Failure.AlreadyExists("device group", "name-a"));
        assertThat(room.failure(new UpdateGroupRow(Room.PROJECT, new GroupId("b"), "name-a", null, Room.NOW)))
                .isEqualTo(new Failure.AlreadyExists("device group", "name-a"));
    }

    @Test
    void thereAreLimitsAlsoForWhatComesAtOnce() {
        List<Future<?>> inserts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            inserts.add(room.bus.ask(new InsertGroup(group("s" + i, null, null), 10, 2)));
        }
        room.await(Future.join(inserts).transform(_ -> Future.succeededFuture()));

        assertThat(inserts.stream().filter(Future::succeeded)).hasSize(10);
        assertThat(room.failure(new InsertGroup(group("more", null, null), 10, 2)))
                .isEqualTo(new Failure.LimitReached("device groups", 10));
        room.ask(new InsertGroup(group("x", null, "node_id = '1'"), 20, 2));
        room.ask(new InsertGroup(group("y", null, "node_id = '1'"), 20, 2));
        assertThat(room.failure(new InsertGroup(group("z", null, "node_id = '1'"), 20, 2)))
                .isEqualTo(new Failure.LimitReached("dynamic device groups", 2));
    }

    @Test
    void aGroupWithOthersStays() {
        insert("top", null, null);
        insert("below", "top", null);

        assertThat(room.failure(new DeleteGroupRow(Room.PROJECT, new GroupId("top"))))
                .isEqualTo(new Failure.InUse("device group", "top", "groups that are part of it"));
        room.ask(new DeleteGroupRow(Room.PROJECT, new GroupId("below")));
        room.ask(new DeleteGroupRow(Room.PROJECT, new GroupId("top")));
        assertThat(room.failure(new DeleteGroupRow(Room.PROJECT, new GroupId("top"))))
                .isEqualTo(new Failure.NotFound("device group", "top"));
    }

    @Test
    void devicesOfAGroupAreNewestFirst() {
        insert("a", null, null);
        for (String id : List.of("d1", "d2", "d3")) {
            room.ask(member("a", room.insert(Room.device(id)).id()));
        }
        room.ask(member("a", D));

        assertThat(members("a")).containsExactly("d3", "d2", "d1");
        GroupDevices page =
                room.ask(new ListMembers(Room.PROJECT, new GroupId("a"), new Page(1, RecordId.LAST, 0), false));
        GroupDevice first = page.devices().getFirst();
        assertThat(page.count()).isNull();
        assertThat(room
                        .ask(new ListMembers(
                                Room.PROJECT, new GroupId("a"), new Page(1000, first.recordId(), 0), false))
                        .devices()
                        .stream()
                        .map(GroupDevice::device))
                .containsExactly(new DeviceId("d2"), D);
        assertThat(first.name()).isEqualTo("name-d3");
        assertThat(first.product().value()).isEqualTo("meter");
    }

    @Test
    void takingOutAndDeletingLeaveNothing() {
        insert("a", null, null);
        insert("b", null, null);
        for (String id : List.of("d1", "d2")) {
            room.insert(Room.device(id));
            room.ask(member("a", new DeviceId(id)));
            room.ask(member("b", new DeviceId(id)));
        }

        room.ask(new DeleteMember(Room.PROJECT, new GroupId("a"), D));
        room.ask(new DeleteMember(Room.PROJECT, new GroupId("a"), D));
        assertThat(members("a")).containsExactly("d2");
        room.ask(new DeviceRows.DeleteDeviceRow(new DeviceId("d2")));
        assertThat(members("a")).isEmpty();
        assertThat(room.ask(new SelectGroupsOf(Room.PROJECT, D)).groups().stream()
                        .map(DeviceGroup::id))
                .containsExactly(new GroupId("b"));
        room.ask(new DeleteGroupRow(Room.PROJECT, new GroupId("b")));
        assertThat(room.ask(new SelectGroupsOf(Room.PROJECT, D)).groups()).isEmpty();
    }

    @Test
    void membersHaveLimitsAlsoAtOnce() {
        insert("a", null, null);
        List<Future<?>> inserts = IntStream.range(0, 10)
                .<Future<?>>mapToObj(i -> room.bus.ask(
                        member("a", room.insert(Room.device("x" + i)).id())))
                .toList();
        room.await(Future.join(inserts).transform(_ -> Future.succeededFuture()));

        assertThat(members("a")).hasSize(3);
        room.insert(Room.device("d1"));
        assertThat(room.failure(member("a", D))).isEqualTo(new Failure.LimitReached("devices in a group", 3));
        for (String id : List.of("b", "c", "d")) {
            insert(id, null, null);
        }
        room.ask(member("b", D));
        room.ask(member("c", D));
        assertThat(room.failure(member("d", D))).isEqualTo(new Failure.LimitReached("groups of a device", 2));
    }

    @Test
    void onlyStaticGroupsAndTheirSpacesDevicesAreJoined() {
        insert("dynamic", null, "status = 'ONLINE'");
        insert("a", null, null);
        room.insert(Room.device("d1"));

        assertThat(room.failure(member("dynamic", D))).isEqualTo(new Failure.NotFound("device group", "dynamic"));
        assertThat(room.failure(member("a", new DeviceId("nobody"))))
                .isEqualTo(new Failure.DeviceNotFound(new DeviceId("nobody")));
    }

    @Test
    void anotherProjectsGroupDoesNotExist() {
        insert("a", null, null);
        room.insert(Room.device("d1"));
        room.ask(member("a", D));
        GroupId id = new GroupId("a");
        Failure none = new Failure.NotFound("device group", "a");

        assertThat(room.failure(new SelectGroup(OTHER, id))).isEqualTo(none);
        assertThat(room.failure(new UpdateGroupRow(OTHER, id, "mine", null, Room.NOW)))
                .isEqualTo(none);
        assertThat(room.failure(new DeleteGroupRow(OTHER, id))).isEqualTo(none);
        assertThat(room.failure(new InsertMember(OTHER, id, D, 10, 10))).isEqualTo(none);
        room.ask(new DeleteMember(OTHER, id, D));
        assertThat(room.ask(new ListMembers(OTHER, id, ALL, false)).devices()).isEmpty();
        assertThat(room.ask(new SelectGroupsOf(OTHER, D)).groups()).isEmpty();
        assertThat(members("a")).containsExactly("d1");
    }

    @Test
    void groupsGoWithTheirProject() {
        insert("a", null, null);
        insert("b", "a", null);
        TestDatabase.execute(uri, "DELETE FROM product");

        room.ask(new AccountRows.DeleteProjectRow(Room.PROJECT));

        assertThat(room.failure(new SelectGroup(Room.PROJECT, new GroupId("a"))))
                .isNotNull();
    }
}
