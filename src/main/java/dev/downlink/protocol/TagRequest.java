// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Tag;
import java.util.List;

/** Tags of devices (northbound §1.4). Fail with {@link Failure.DeviceNotFound}, also for another project's device. */
public sealed interface TagRequest<R extends Record> extends RegistryRequest<R> {

    /** Tags whose key the device has get the new value. Fails with {@link Failure.LimitReached} when there are too many then. */
    record BindTags(ProjectId project, DeviceId device, List<Tag> tags) implements TagRequest<Done> {}

    /** Keys that the device does not have do not matter. */
    record UnbindTags(ProjectId project, DeviceId device, List<String> keys) implements TagRequest<Done> {}
}
