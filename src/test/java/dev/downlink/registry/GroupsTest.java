// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.DEFAULT;
import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.NOW;
import static dev.downlink.registry.Samples.OTHER;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceFilter;
import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceSearch;
import dev.downlink.model.GroupId;
import dev.downlink.model.RecordId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.DeviceRequest.SearchDevices;
import dev.downlink.protocol.DeviceRows.Count;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.GroupRequest.AddGroup;
import dev.downlink.protocol.GroupRequest.AddToGroup;
import dev.downlink.protocol.GroupRequest.GroupView;
import dev.downlink.protocol.GroupRequest.Groups;
import dev.downlink.protocol.GroupRequest.ListGroupDevices;
import dev.downlink.protocol.GroupRequest.ListGroupsOf;
import dev.downlink.protocol.GroupRequest.RemoveFromGroup;
import dev.downlink.protocol.GroupRequest.UpdateGroup;
import dev.downlink.protocol.GroupRows;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.SearchRows;
import dev.downlink.protocol.SearchRows.DynamicGroup;
import dev.downlink.protocol.SearchRows.Wanted;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static final String RULE = "status = 'ONLINE'";
    private static final DeviceFilter FILTER = DeviceFilter.parse(RULE);
    private static final GroupId A = new GroupId("a");

    private final Map<GroupId, DeviceGroup> groups = new HashMap<>();
    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
        room.repository.devices.add(Samples.device(GATEWAY, null));
        room.repository.on(
                GroupRows.SelectGroup.class,
                q -> groups.containsKey(q.id())
                        ? Future.succeededFuture(new GroupView(groups.get(q.id())))
                        : Future.failedFuture(new Failed(new Failure.NotFound("device group", "none"))));
        room.repository.on(GroupRows.InsertGroup.class, _ -> Future.succeededFuture(Done.DONE));
        room.repository.on(GroupRows.InsertMember.class, _ -> Future.succeededFuture(Done.DONE));
        room.repository.on(
                GroupRows.SelectDynamicGroups.class,
                _ -> Future.succeededFuture(new Groups(
                        groups.values().stream().filter(DeviceGroup::isDynamic).toList())));
        room.repository.on(SearchRows.FindDevices.class, _ -> Future.succeededFuture(new SearchRows.Found(List.of())));
    }

    @AfterEach
    void stop() {
        room.close();
    }

    private void group(String id, SpaceId space, @Nullable String above, @Nullable String rule) {
        groups.put(
                new GroupId(id),
                new DeviceGroup(
                        RecordId.next(NOW),
                        OURS,
                        space,
                        new GroupId(id),
                        id,
                        null,
                        above == null ? null : new GroupId(above),
                        rule,
                        NOW));
    }

    private static AddGroup add(@Nullable String above, @Nullable String rule) {
        return new AddGroup(OURS, null, "new", "about", above == null ? null : new GroupId(above), rule);
    }

    private void refused(String field, Failure failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo(field));
        assertThat(room.repository.asked(GroupRows.InsertGroup.class)).isEmpty();
        assertThat(room.repository.asked(GroupRows.InsertMember.class)).isEmpty();
    }

    @Test
    void aGroupIsMadeInTheDefaultSpace() {
        DeviceGroup made = room.ask(add(null, RULE)).group();

        assertThat(made)
                .isEqualTo(new DeviceGroup(made.recordId(), OURS, DEFAULT, made.id(), "new", "about", null, RULE, NOW));
        assertThat(room.repository.asked(GroupRows.InsertGroup.class))
                .containsExactly(new GroupRows.InsertGroup(made, 1000, 10));
    }

    @Test
    void aRuleThatIsNotUnderstoodIsRefused() {
        refused("dynamic_group_rule", room.refusal(add(null, "status = 'AWAY'")));
    }

    @Test
    void levelsEndAtFive() {
        group("l1", DEFAULT, null, null);
        for (int level = 2; level <= 5; level++) {
            group("l" + level, DEFAULT, "l" + (level - 1), null);
        }

        refused("super_group_id", room.refusal(add("l5", null)));
        assertThat(room.ask(add("l4", null)).group().superGroup()).isEqualTo(new GroupId("l4"));
    }

    @Test
    void onlyAStaticGroupOfTheSameSpaceIsAbove() {
        group("dynamic", DEFAULT, null, RULE);
        group("elsewhere", OTHER, null, null);

        refused("super_group_id", room.refusal(add("dynamic", null)));
        refused("super_group_id", room.refusal(add("elsewhere", null)));
        assertThat(room.refusal(add("nowhere", null))).isInstanceOf(Failure.NotFound.class);
    }

    @Test
    void nothingIsWrittenWhenNothingChanges() {
        group("a", DEFAULT, null, null);

        assertThat(room.ask(new UpdateGroup(OURS, A, "a", null)).group()).isEqualTo(groups.get(A));
        assertThat(room.repository.asked(GroupRows.UpdateGroupRow.class)).isEmpty();
    }

    @Test
    void devicesAreAddedWithTheLimitsOfTheContract() {
        group("a", DEFAULT, null, null);

        room.ask(new AddToGroup(OURS, A, GATEWAY));

        assertThat(room.repository.asked(GroupRows.InsertMember.class))
                .containsExactly(new GroupRows.InsertMember(OURS, A, GATEWAY, 20_000, 10));
    }

    @Test
    void aDynamicGroupIsNotFilledByHand() {
        group("a", DEFAULT, null, RULE);

        refused("group_id", room.refusal(new AddToGroup(OURS, A, GATEWAY)));
        refused("group_id", room.refusal(new RemoveFromGroup(OURS, A, GATEWAY)));
    }

    @Test
    void devicesOfADynamicGroupAreThoseOfItsSpaceThatFit() {
        group("a", OTHER, null, RULE);
        Page page = new Page(1000, RecordId.LAST, 0);

        assertThat(room.ask(new ListGroupDevices(OURS, A, page, false)).count()).isNull();

        Wanted wanted = new Wanted(FILTER, OTHER, null, List.of());
        assertThat(room.repository.asked(SearchRows.FindDevices.class))
                .containsExactly(new SearchRows.FindDevices(OURS, wanted, false, page));
        assertThat(room.repository.asked(SearchRows.CountDevices.class)).isEmpty();
    }

    @Test
    void aDeviceIsInTheDynamicGroupsThatItFits() {
        group("fits", DEFAULT, null, RULE);
        group("other", DEFAULT, null, "status = 'FROZEN'");
        room.repository.on(GroupRows.SelectGroupsOf.class, _ -> Future.succeededFuture(new Groups(List.of())));
        room.repository.on(
                SearchRows.CountDevices.class,
                q -> Future.succeededFuture(
                        new Count(q.wanted().equals(new Wanted(FILTER, DEFAULT, GATEWAY, List.of())) ? 1 : 0)));

        List<DeviceGroup> found = room.ask(new ListGroupsOf(OURS, GATEWAY)).groups();

        assertThat(found).containsExactly(groups.get(new GroupId("fits")));
        assertThat(room.refusal(new ListGroupsOf(THEIRS, GATEWAY))).isEqualTo(new Failure.DeviceNotFound(GATEWAY));
    }

    @Test
    void searchKnowsTheRulesOfTheGroupsThatItNames() {
        group("a", OTHER, null, RULE);
        group("b", DEFAULT, null, "status = 'FROZEN'");
        DeviceSearch search = DeviceSearch.parse("select * from device where group_id in ('a','static') limit 3,7");

        room.ask(new SearchDevices(OURS, search));

        Wanted wanted = new Wanted(search.filter(), null, null, List.of(new DynamicGroup(A, OTHER, FILTER)));
        assertThat(room.repository.asked(SearchRows.FindDevices.class))
                .containsExactly(new SearchRows.FindDevices(OURS, wanted, false, new Page(7, RecordId.LAST, 3)));
    }

    @Test
    void countAsksForNoDevices() {
        room.repository.on(SearchRows.CountDevices.class, _ -> Future.succeededFuture(new Count(4)));

        var found = room.ask(new SearchDevices(OURS, DeviceSearch.parse("select count(*) from device")));

        assertThat(found.count()).isEqualTo(4);
        assertThat(room.repository.asked(SearchRows.FindDevices.class)).isEmpty();
        assertThat(room.repository.asked(GroupRows.SelectDynamicGroups.class)).isEmpty();
    }
}
