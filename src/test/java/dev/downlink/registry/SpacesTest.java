// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.DEFAULT;
import static dev.downlink.registry.Samples.NOW;
import static dev.downlink.registry.Samples.OTHER;
import static dev.downlink.registry.Samples.OURS;
import static dev.downlink.registry.Samples.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Request;
import dev.downlink.protocol.SpaceRequest.AddSpace;
import dev.downlink.protocol.SpaceRequest.DeleteSpace;
import dev.downlink.protocol.SpaceRequest.RenameSpace;
import dev.downlink.protocol.SpaceRequest.ShowSpace;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpacesTest {
    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
    }

    @AfterEach
    void stop() {
        room.close();
    }

    @Test
    void addedSpaceIsNotTheDefaultOne() {
        Space space = room.ask(new AddSpace(OURS, "garden")).space();

        assertThat(space).isEqualTo(new Space(OURS, space.id(), "garden", false, NOW));
        assertThat(room.repository.spaces).contains(space);
    }

    @Test
    void eleventhSpaceIsRefused() {
        for (int i = room.repository.spaces.size(); i < 10; i++) {
            room.ask(new AddSpace(OURS, "s" + i));
        }

        assertThat(room.refusal(new AddSpace(OURS, "one-more"))).isEqualTo(new Failure.LimitReached("spaces", 10));
    }

    @Test
    void badNameIsRefused() {
        assertThat(room.refusal(new AddSpace(OURS, "a b")))
                .isInstanceOfSatisfying(
                        Failure.Invalid.class, f -> assertThat(f.field()).isEqualTo("app_name"));
    }

    @Test
    void spaceIsShown() {
        assertThat(room.ask(new ShowSpace(OURS, OTHER)).space()).isEqualTo(Samples.space(OTHER));
    }

    @Test
    void unknownSpaceIsNotShown() {
        SpaceId none = new SpaceId("none");

        assertThat(room.refusal(new ShowSpace(OURS, none))).isEqualTo(new Failure.SpaceNotFound(none));
    }

    @Test
    void renamedSpaceKeepsTheRest() {
        Space space = room.ask(new RenameSpace(OURS, DEFAULT, "renamed")).space();

        assertThat(space).isEqualTo(new Space(OURS, DEFAULT, "renamed", true, NOW));
        assertThat(room.repository.spaces).contains(space);
    }

    @Test
    void badNewNameIsRefused() {
        assertThat(room.refusal(new RenameSpace(OURS, OTHER, ""))).isInstanceOf(Failure.Invalid.class);
        assertThat(room.repository.spaces).contains(Samples.space(OTHER));
    }

    @Test
    void emptySpaceIsDeleted() {
        room.ask(new DeleteSpace(OURS, OTHER));

        assertThat(room.repository.spaces).containsExactly(Samples.space(DEFAULT));
    }

    @Test
    void defaultSpaceIsNotDeleted() {
        assertThat(room.refusal(new DeleteSpace(OURS, DEFAULT)))
                .isEqualTo(new Failure.Forbidden("the default space of a project cannot be deleted"));
        assertThat(room.repository.spaces).hasSize(2);
    }

    @Test
    void spaceWithProductsIsNotDeleted() {
        room.repository.products.add(Samples.product(OTHER));

        assertThat(room.refusal(new DeleteSpace(OURS, OTHER)))
                .isEqualTo(new Failure.InUse("space", "other", "products"));
    }

    static Stream<Request<?>> allThatNameASpace() {
        return Stream.of(
                new ShowSpace(THEIRS, OTHER), new RenameSpace(THEIRS, OTHER, "theirs"), new DeleteSpace(THEIRS, OTHER));
    }

    @ParameterizedTest
    @MethodSource("allThatNameASpace")
    void anotherProjectsSpaceDoesNotExist(Request<?> request) {
        assertThat(room.refusal(request)).isEqualTo(new Failure.SpaceNotFound(OTHER));
        assertThat(room.repository.spaces).contains(Samples.space(OTHER));
    }
}
