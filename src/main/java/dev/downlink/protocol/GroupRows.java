// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.GroupRequest.GroupDevices;
import dev.downlink.protocol.GroupRequest.GroupView;
import dev.downlink.protocol.GroupRequest.Groups;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of device groups and of the devices of static ones. */
public sealed interface GroupRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.AlreadyExists} for a name twice in a space, or {@link Failure.LimitReached}. */
    record InsertGroup(DeviceGroup group, int maxPerProject, int maxDynamic) implements GroupRows<Done> {}

    /** Fails with {@link Failure.NotFound}. */
    record SelectGroup(ProjectId project, GroupId id) implements GroupRows<GroupView> {}

    /** Replaces what is there. Fails with {@link Failure.NotFound} or {@link Failure.AlreadyExists}. */
    record UpdateGroupRow(
            ProjectId project,
            GroupId id,
            @Nullable String name,
            @Nullable String description,
            Instant now) implements GroupRows<GroupView> {}

    /** Fails with {@link Failure.NotFound} or {@link Failure.InUse}. */
    record DeleteGroupRow(ProjectId project, GroupId id) implements GroupRows<Done> {}

    record ListGroups(ProjectId project, Filter filter, Page page) implements GroupRows<GroupPage> {}

    /** The dynamic groups of a project. */
    record SelectDynamicGroups(ProjectId project) implements GroupRows<Groups> {}

    /**
     * Fails with {@link Failure.NotFound} when there is no such static group, {@link Failure.DeviceNotFound} when its space has
     * no such device, {@link Failure.LimitReached}.
     */
    record InsertMember(ProjectId project, GroupId group, DeviceId device, int maxDevices, int maxPerDevice)
            implements GroupRows<Done> {}

    record DeleteMember(ProjectId project, GroupId group, DeviceId device) implements GroupRows<Done> {}

    record ListMembers(ProjectId project, GroupId group, Page page, boolean counted)
            implements GroupRows<GroupDevices> {}

    /** The static groups that hold a device. */
    record SelectGroupsOf(ProjectId project, DeviceId device) implements GroupRows<Groups> {}

    /** @param modifiedFrom changed at this time or later */
    record Filter(
            @Nullable SpaceId space,
            @Nullable Boolean dynamic,
            @Nullable String name,
            @Nullable Instant modifiedFrom) {}

    record GroupPage(List<DeviceGroup> groups, long count) {}
}
