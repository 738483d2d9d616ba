// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceFilter;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Devices by conditions that callers put together. */
public sealed interface SearchRows<R extends Record> extends RepositoryRequest<R> {

    /** @param oldestFirst the other way round than pages usually are; goes with no marker but the usual one */
    record FindDevices(ProjectId project, Wanted wanted, boolean oldestFirst, Page page) implements SearchRows<Found> {}

    record CountDevices(ProjectId project, Wanted wanted) implements SearchRows<DeviceRows.Count> {}

    /**
     * @param space only devices of this space
     * @param device only this one, if it fits
     * @param groups those dynamic groups that the filter names
     */
    record Wanted(
            DeviceFilter filter,
            @Nullable SpaceId space,
            @Nullable DeviceId device,
            List<DynamicGroup> groups) {}

    /** @param filter the group's rule; names no group */
    record DynamicGroup(GroupId id, SpaceId space, DeviceFilter filter) {}

    record Found(List<DeviceRequest.FoundDevice> devices) {}
}
