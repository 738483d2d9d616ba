// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.ProjectId;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;

/** Resource spaces (northbound §7). */
public sealed interface SpaceRequest<R extends Record> extends RegistryRequest<R> {

    record AddSpace(ProjectId project, String name) implements SpaceRequest<SpaceView> {}

    record ShowSpace(ProjectId project, SpaceId id) implements SpaceRequest<SpaceView> {}

    record RenameSpace(ProjectId project, SpaceId id, String name) implements SpaceRequest<SpaceView> {}

    /** The default space and one that has products or devices cannot be deleted. */
    record DeleteSpace(ProjectId project, SpaceId id) implements SpaceRequest<Done> {}

    record SpaceView(Space space) {}
}
