// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import static dev.downlink.registry.Samples.GATEWAY;
import static dev.downlink.registry.Samples.OURS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.Tag;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.TagRequest.BindTags;
import dev.downlink.protocol.TagRows.InsertTags;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TagsTest {
    private static final Tag TAG = new Tag("street", "长_Lane");

    private Room room;

    @BeforeEach
    void start() {
        room = Room.started();
        room.repository.on(InsertTags.class, _ -> Future.succeededFuture(Done.DONE));
    }

    @AfterEach
    void stop() {
        room.close();
    }

    @Test
    void tenAreTheLimit() {
        room.ask(new BindTags(OURS, GATEWAY, List.of(TAG)));

        assertThat(room.repository.asked(InsertTags.class))
                .containsExactly(new InsertTags(OURS, GATEWAY, List.of(TAG), 10));
    }

    @Test
    void keysOfThePlatformAreRefused() {
        BindTags bind = new BindTags(OURS, GATEWAY, List.of(TAG, new Tag("iot_mine", "")));

        assertThat(room.refusal(bind)).isEqualTo(new Failure.ReservedTag("iot_mine"));
    }

    @Test
    void noneTooManyAndTheSameTwiceAreRefused() {
        assertThat(room.refusal(new BindTags(OURS, GATEWAY, List.of())))
                .isEqualTo(new Failure.Invalid("tags", "must have 1 to 10 entries"));
        assertThat(room.refusal(new BindTags(OURS, GATEWAY, Collections.nCopies(11, TAG))))
                .isEqualTo(new Failure.Invalid("tags", "must have 1 to 10 entries"));
        assertThat(room.refusal(new BindTags(OURS, GATEWAY, List.of(TAG, new Tag("street", "")))))
                .isEqualTo(new Failure.Invalid("tag_key", "'street' occurs twice"));
        assertThat(room.repository.asked(InsertTags.class)).isEmpty();
    }
}
