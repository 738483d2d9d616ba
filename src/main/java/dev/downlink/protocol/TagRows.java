// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of tags. */
public sealed interface TagRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.DeviceNotFound} or {@link Failure.LimitReached}. */
    record InsertTags(ProjectId project, DeviceId device, List<Tag> tags, int maxPerDevice) implements TagRows<Done> {}

    /** Fails with {@link Failure.DeviceNotFound}. */
    record DeleteTags(ProjectId project, DeviceId device, List<String> keys) implements TagRows<Done> {}

    /** Devices that have one of the tags. */
    record ListTagged(ProjectId project, List<Wanted> tags, Page page) implements TagRows<TaggedPage> {}

    /** @param value absent: the key with any value */
    record Wanted(String key, @Nullable String value) {}

    record Tagged(RecordId recordId, DeviceId device) {}

    record TaggedPage(List<Tagged> devices, long count) {}
}
