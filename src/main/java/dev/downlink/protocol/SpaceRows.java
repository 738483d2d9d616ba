// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.ProjectId;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of resource spaces. */
public sealed interface SpaceRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.AlreadyExists} for a name twice, or {@link Failure.LimitReached}. */
    record InsertSpace(Space space, int maxPerProject) implements SpaceRows<Done> {}

    /**
     * Spaces of a project, oldest first.
     *
     * @param isDefault only the default one, or only the others; both when absent
     */
    record ListSpaces(ProjectId project, @Nullable Boolean isDefault) implements SpaceRows<Spaces> {}

    /** Fails with {@link Failure.SpaceNotFound} or {@link Failure.AlreadyExists}. */
    record UpdateSpaceName(ProjectId project, SpaceId id, String name) implements SpaceRows<Done> {}

    /** Fails with {@link Failure.InUse} while there are products. */
    record DeleteSpaceRow(ProjectId project, SpaceId id) implements SpaceRows<Done> {}

    record Spaces(List<Space> spaces) {}
}
