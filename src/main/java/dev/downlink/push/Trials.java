// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.event.Content;
import dev.downlink.event.Formats;
import dev.downlink.event.Query;
import dev.downlink.event.Specimen;
import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.PushRequest.ProbeChannel;
import dev.downlink.protocol.PushRequest.SampleSent;
import dev.downlink.protocol.PushRequest.SendSample;
import dev.downlink.protocol.PushRows.StoredEvent;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tries where actions lead, each time with a sink of its own that is closed again. Belongs to one instance of the room. */
final class Trials {
    private static final long MILLI = 1_000_000;
    private static final Fate NOBODY = new Fate.Failed("nobody is there to take it");

    private final Sinks sinks;
    private final AmqpDoors doors;
    private final LongSupplier now;

    Trials(Sinks sinks, AmqpDoors doors, LongSupplier now) {
        this.sinks = sinks;
        this.doors = doors;
        this.now = now;
    }

    Future<Done> probe(ProbeChannel q) {
        Sink sink = sinks.open(q.project(), q.channel(), () -> {});
        return sink.probe().map(Done.DONE).eventually(sink::close);
    }

    Future<SampleSent> send(SendSample q) {
        long begun = now.getAsLong();
        Channel channel = q.action().channel();
        StoredEvent sample = Specimen.of(q.rule().subject(), q.rule().project());
        Optional<Query.Selected> selected =
                Query.parse(q.rule().select(), q.rule().where()).of(sample);
        if (selected.isEmpty()) {
            return Future.succeededFuture(new SampleSent("the sample is none of the events that where asks for", 0));
        }
        Content content = Formats.write(sample, selected.get().json(), channel.format());
        return push(q.rule().project(), channel, Outward.parcel(sample, content, true))
                .map(fate -> new SampleSent(error(fate), (now.getAsLong() - begun) / MILLI));
    }

    private Future<Fate> push(ProjectId project, Channel channel, Parcel parcel) {
        if (channel instanceof Channel.Amqp queue) {
            return doors.push(new QueueKey(project, queue.queue()), parcel).map(fate -> fate.orElse(NOBODY));
        }
        Sink sink = sinks.open(project, channel, () -> {});
        Future<Fate> fate = sink.room() == 0 ? Future.succeededFuture(NOBODY) : sink.push(parcel);
        sink.hurry();
        return fate.eventually(sink::close);
    }

    private static @Nullable String error(Fate fate) {
        return switch (fate) {
            case Fate.Accepted _ -> null;
            case Fate.Returned _ -> "it came back";
            case Fate.Refused refused -> refused.why();
            case Fate.Failed failed -> failed.why();
        };
    }
}
