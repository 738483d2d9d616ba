// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SpaceRequest;
import dev.downlink.protocol.SpaceRequest.SpaceView;
import dev.downlink.protocol.SpaceRows;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Resource spaces (northbound §7). */
final class Spaces {
    private final Bus bus;
    private final Changes changes;
    private final InstantSource clock;

    Spaces(Bus bus, Changes changes, InstantSource clock) {
        this.bus = bus;
        this.changes = changes;
        this.clock = clock;
    }

    Answer<?> answer(SpaceRequest<?> request) {
        return switch (request) {
            case SpaceRequest.AddSpace q -> Answer.to(q, add(q));
            case SpaceRequest.ShowSpace q ->
                Answer.to(q, find(q.project(), q.id()).map(SpaceView::new));
            case SpaceRequest.RenameSpace q -> Answer.to(q, rename(q));
            case SpaceRequest.DeleteSpace q -> Answer.to(q, delete(q));
        };
    }

    /**
     * The space with this id, or the default one without an id. Fails with {@link Failure.SpaceNotFound}, or
     * {@link Failure.NotFound} for a project without spaces, which is one that does not exist.
     */
    Future<Space> find(ProjectId project, @Nullable SpaceId id) {
        return bus.ask(new SpaceRows.ListSpaces(project, id == null ? true : null))
                .map(found -> found.spaces().stream()
                        .filter(space -> id == null || space.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new Failed(
                                id == null
                                        ? new Failure.NotFound("project", project.value())
                                        : new Failure.SpaceNotFound(id))));
    }

    private Future<SpaceView> add(SpaceRequest.AddSpace q) {
        Space space = new Space(q.project(), new SpaceId(Fresh.hex()), q.name(), false, clock.instant());
        return bus.ask(new SpaceRows.InsertSpace(space, Space.MAX_PER_PROJECT)).map(_ -> new SpaceView(space));
    }

    private Future<SpaceView> rename(SpaceRequest.RenameSpace q) {
        return find(q.project(), q.id())
                .map(old -> new Space(old.project(), old.id(), q.name(), old.isDefault(), old.created()))
                .compose(space -> bus.ask(new SpaceRows.UpdateSpaceName(q.project(), q.id(), q.name()))
                        .map(_ -> new SpaceView(space)));
    }

    private Future<Done> delete(SpaceRequest.DeleteSpace q) {
        return find(q.project(), q.id()).compose(space -> {
            if (space.isDefault()) {
                throw new Failed(new Failure.Forbidden("the default space of a project cannot be deleted"));
            }
            return bus.ask(new SpaceRows.DeleteSpaceRow(q.project(), q.id()))
                    .onSuccess(_ -> changes.rules(q.project()));
        });
    }
}
