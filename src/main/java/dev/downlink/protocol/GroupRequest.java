// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.SpaceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Device groups (northbound §1.6). A group that does not exist is {@link Failure.NotFound}, also another project's one. */
public sealed interface GroupRequest<R extends Record> extends RegistryRequest<R> {

    /** @param rule makes it a dynamic group */
    record AddGroup(
            ProjectId project,
            @Nullable SpaceId space,
            String name,
            @Nullable String description,
            @Nullable GroupId superGroup,
            @Nullable String rule)
            implements GroupRequest<GroupView> {}

    record ShowGroup(ProjectId project, GroupId id) implements GroupRequest<GroupView> {}

    /** Replaces what is there. */
    record UpdateGroup(
            ProjectId project,
            GroupId id,
            @Nullable String name,
            @Nullable String description) implements GroupRequest<GroupView> {}

    /** Fails with {@link Failure.InUse} while other groups are part of it. */
    record DeleteGroup(ProjectId project, GroupId id) implements GroupRequest<Done> {}

    /** Does nothing when it holds the device already. Fails with {@link Failure.LimitReached}. */
    record AddToGroup(ProjectId project, GroupId id, DeviceId device) implements GroupRequest<Done> {}

    /** Does nothing when it does not hold the device. */
    record RemoveFromGroup(ProjectId project, GroupId id, DeviceId device) implements GroupRequest<Done> {}

    /**
     * The devices of a group, newest first; those of groups that are part of it are not among them. A program that works on all
     * of them takes large pages, each from the last record of the one before, until one is empty.
     *
     * @param counted whether their number is to be told
     */
    record ListGroupDevices(ProjectId project, GroupId id, Page page, boolean counted)
            implements GroupRequest<GroupDevices> {}

    /** The groups that a device is in. */
    record ListGroupsOf(ProjectId project, DeviceId device) implements GroupRequest<Groups> {}

    record GroupView(DeviceGroup group) {}

    record Groups(List<DeviceGroup> groups) {}

    record GroupDevices(List<GroupDevice> devices, @Nullable Long count) {}

    record GroupDevice(
            RecordId recordId,
            DeviceId device,
            NodeName node,
            @Nullable String name,
            ProductId product) {}
}
