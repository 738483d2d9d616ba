// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of what happened that rules ask for, and the rules. */
public sealed interface OutboxRows<R extends Record> extends RepositoryRequest<R> {

    /**
     * Writes an event if an active rule asks for it at this moment; goes in batches, and those of a device keep their order.
     * Fails with {@link Failure.Invalid} for a body that the database cannot keep.
     *
     * @param body what will be pushed as {@code notify_data.body} (northbound §6.3)
     */
    record OfferEvent(ProjectId project, SpaceId space, DeviceId device, Subject subject, Json body)
            implements OutboxRows<Done> {}

    /** What the active rules of a project ask for. */
    record SelectInterests(ProjectId project) implements OutboxRows<Interests> {}

    record Interests(Set<Interest> all) {
        public Interests {
            all = Set.copyOf(all);
        }
    }

    /** @param space null: of all spaces */
    record Interest(@Nullable SpaceId space, Subject subject) {}
}
