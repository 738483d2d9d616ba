// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceFilter;
import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Space;
import dev.downlink.protocol.DeviceRequest.DeviceView;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.DeviceRows.Count;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.GroupRequest;
import dev.downlink.protocol.GroupRequest.GroupDevice;
import dev.downlink.protocol.GroupRequest.GroupDevices;
import dev.downlink.protocol.GroupRequest.GroupView;
import dev.downlink.protocol.GroupRows;
import dev.downlink.protocol.SearchRows.CountDevices;
import dev.downlink.protocol.SearchRows.FindDevices;
import dev.downlink.protocol.SearchRows.Wanted;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Device groups (northbound §1.6). */
final class Groups {
    private final Bus bus;
    private final Spaces spaces;
    private final InstantSource clock;

    Groups(Bus bus, Spaces spaces, InstantSource clock) {
        this.bus = bus;
        this.spaces = spaces;
        this.clock = clock;
    }

    Answer<?> answer(GroupRequest<?> request) {
        return switch (request) {
            case GroupRequest.AddGroup q -> Answer.to(q, add(q));
            case GroupRequest.ShowGroup q ->
                Answer.to(q, find(q.project(), q.id()).map(GroupView::new));
            case GroupRequest.UpdateGroup q -> Answer.to(q, update(q));
            case GroupRequest.DeleteGroup q -> Answer.to(q, bus.ask(new GroupRows.DeleteGroupRow(q.project(), q.id())));
            case GroupRequest.AddToGroup q -> Answer.to(q, insert(q));
            case GroupRequest.RemoveFromGroup q -> Answer.to(q, remove(q));
            case GroupRequest.ListGroupDevices q -> Answer.to(q, devices(q));
            case GroupRequest.ListGroupsOf q -> Answer.to(q, of(q));
        };
    }

    private Future<DeviceGroup> find(ProjectId project, GroupId id) {
        return bus.ask(new GroupRows.SelectGroup(project, id)).map(GroupView::group);
    }

    private Future<GroupView> add(GroupRequest.AddGroup q) {
        if (q.rule() != null) {
            DeviceFilter _ = DeviceFilter.parse(q.rule());
        }
        return spaces.find(q.project(), q.space())
                .compose(space -> checkAbove(q, space).map(_ -> group(q, space)))
                .compose(group -> bus.ask(new GroupRows.InsertGroup(
                                group, DeviceGroup.MAX_PER_PROJECT, DeviceGroup.MAX_DYNAMIC_PER_PROJECT))
                        .map(_ -> new GroupView(group)));
    }

    private DeviceGroup group(GroupRequest.AddGroup q, Space space) {
        Instant now = clock.instant();
        return new DeviceGroup(
                RecordId.next(now),
                q.project(),
                space.id(),
                new GroupId(Fresh.hex()),
                q.name(),
                q.description(),
                q.superGroup(),
                q.rule(),
                now);
    }

    /** Groups do not move, so what is found here stays so. */
    private Future<?> checkAbove(GroupRequest.AddGroup q, Space space) {
        GroupId above = q.superGroup();
        return above == null
                ? Future.succeededFuture()
                : find(q.project(), above).compose(group -> {
                    if (group.isDynamic() || !group.space().equals(space.id())) {
                        throw new InvalidField("super_group_id", "must name a static group of the same application");
                    }
                    return checkLevels(group, DeviceGroup.MAX_LEVELS - 1);
                });
    }

    /** @param levels that there may be from the top down to this group */
    private Future<?> checkLevels(DeviceGroup group, int levels) {
        if (levels == 0) {
            throw new InvalidField(
                    "super_group_id", "must not name a group on level " + DeviceGroup.MAX_LEVELS + ", the last one");
        }
        GroupId above = group.superGroup();
        return above == null
                ? Future.succeededFuture()
                : find(group.project(), above).compose(next -> checkLevels(next, levels - 1));
    }

    private Future<GroupView> update(GroupRequest.UpdateGroup q) {
        return find(q.project(), q.id()).compose(old -> {
            DeviceGroup changed = changed(old, q);
            return changed.equals(old)
                    ? Future.succeededFuture(new GroupView(old))
                    : bus.ask(new GroupRows.UpdateGroupRow(
                            q.project(), q.id(), q.name(), q.description(), clock.instant()));
        });
    }

    private static DeviceGroup changed(DeviceGroup old, GroupRequest.UpdateGroup q) {
        return new DeviceGroup(
                old.recordId(),
                old.project(),
                old.space(),
                old.id(),
                q.name() == null ? old.name() : q.name(),
                q.description() == null ? old.description() : q.description(),
                old.superGroup(),
                old.rule(),
                old.created());
    }

    private Future<Done> insert(GroupRequest.AddToGroup q) {
        return findStatic(q.project(), q.id())
                .compose(_ -> bus.ask(new GroupRows.InsertMember(
                        q.project(), q.id(), q.device(), DeviceGroup.MAX_DEVICES, DeviceGroup.MAX_PER_DEVICE)));
    }

    private Future<Done> remove(GroupRequest.RemoveFromGroup q) {
        return findStatic(q.project(), q.id())
                .compose(_ -> device(q.project(), q.device()))
                .compose(_ -> bus.ask(new GroupRows.DeleteMember(q.project(), q.id(), q.device())));
    }

    private Future<DeviceGroup> findStatic(ProjectId project, GroupId id) {
        return find(project, id).map(group -> {
            if (group.isDynamic()) {
                throw new InvalidField(
                        "group_id", "must not name a dynamic group: its devices are those that fit its rule");
            }
            return group;
        });
    }

    private Future<?> device(ProjectId project, DeviceId id) {
        return bus.ask(new DeviceRows.SelectDevice(id)).map(found -> Fence.check(found.device(), project));
    }

    private Future<GroupDevices> devices(GroupRequest.ListGroupDevices q) {
        return find(q.project(), q.id()).compose(group -> {
            String rule = group.rule();
            return rule == null
                    ? bus.ask(new GroupRows.ListMembers(q.project(), q.id(), q.page(), q.counted()))
                    : fitting(q, new Wanted(DeviceFilter.parse(rule), group.space(), null, List.of()));
        });
    }

    private Future<GroupDevices> fitting(GroupRequest.ListGroupDevices q, Wanted wanted) {
        Future<@Nullable Long> count = q.counted()
                ? bus.ask(new CountDevices(q.project(), wanted)).map(Count::count)
                : Future.succeededFuture();
        var found = bus.ask(new FindDevices(q.project(), wanted, false, q.page()));
        return Future.all(count, found)
                .map(_ -> new GroupDevices(
                        found.result().devices().stream()
                                .map(device -> brief(device.view()))
                                .toList(),
                        count.result()));
    }

    private static GroupDevice brief(DeviceView view) {
        var device = view.device();
        return new GroupDevice(device.recordId(), device.id(), device.node(), device.name(), device.product());
    }

    private Future<GroupRequest.Groups> of(GroupRequest.ListGroupsOf q) {
        return device(q.project(), q.device())
                .compose(_ -> bus.ask(new GroupRows.SelectGroupsOf(q.project(), q.device())))
                .compose(held -> bus.ask(new GroupRows.SelectDynamicGroups(q.project()))
                        .compose(dynamic -> fitting(q, dynamic.groups()))
                        .map(fitting -> {
                            List<DeviceGroup> all = new ArrayList<>(held.groups());
                            all.addAll(fitting);
                            return new GroupRequest.Groups(all);
                        }));
    }

    /** There are few dynamic groups, and each looks at one device. */
    private Future<List<DeviceGroup>> fitting(GroupRequest.ListGroupsOf q, List<DeviceGroup> dynamic) {
        List<Future<Count>> counts = dynamic.stream()
                .map(group -> bus.ask(new CountDevices(q.project(), only(q.device(), group))))
                .toList();
        return Future.all(counts).map(_ -> {
            List<DeviceGroup> fitting = new ArrayList<>();
            for (int i = 0; i < counts.size(); i++) {
                if (counts.get(i).result().count() > 0) {
                    fitting.add(dynamic.get(i));
                }
            }
            return fitting;
        });
    }

    private static Wanted only(DeviceId device, DeviceGroup group) {
        return new Wanted(DeviceFilter.parse(String.valueOf(group.rule())), group.space(), device, List.of());
    }
}
