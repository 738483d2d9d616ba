// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.Tag;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.TagRequest;
import dev.downlink.protocol.TagRows;
import io.vertx.core.Future;
import java.util.List;

/** Tags of devices (northbound §1.4). */
final class Tags {
    private final Bus bus;

    Tags(Bus bus) {
        this.bus = bus;
    }

    Answer<?> answer(TagRequest<?> request) {
        return switch (request) {
            case TagRequest.BindTags q -> Answer.to(q, bind(q));
            case TagRequest.UnbindTags q ->
                Answer.to(q, bus.ask(new TagRows.DeleteTags(q.project(), q.device(), q.keys())));
        };
    }

    private Future<Done> bind(TagRequest.BindTags q) {
        List<Tag> tags = Tag.checked(q.tags());
        for (Tag tag : tags) {
            if (tag.key().startsWith(Tag.RESERVED)) {
                throw new Failed(new Failure.ReservedTag(tag.key()));
            }
        }
        return bus.ask(new TagRows.InsertTags(q.project(), q.device(), tags, Tag.MAX_PER_DEVICE));
    }
}
