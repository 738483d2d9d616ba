// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.bus.Deadlines;
import dev.downlink.config.Settings;
import dev.downlink.model.Channel;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** Opens the sink of each kind of channel, for one instance of the room. */
final class ChannelSinks implements Sinks {
    private final Vertx vertx;
    private final Settings settings;
    private final AddressFence fence;
    private final Deadlines deadlines;
    private final InstantSource clock;
    private final AmqpDoor door;

    ChannelSinks(
            Vertx vertx,
            Settings settings,
            AddressFence fence,
            Deadlines deadlines,
            InstantSource clock,
            AmqpDoor door) {
        this.vertx = vertx;
        this.settings = settings;
        this.fence = fence;
        this.deadlines = deadlines;
        this.clock = clock;
        this.door = door;
    }

    @Override
    public Sink open(ProjectId project, Channel channel, Runnable ready) {
        try {
            return sink(project, channel, ready);
        } catch (Failed e) {
            if (e.failure() instanceof Failure.Unreachable unreachable) {
                return new Nowhere(unreachable);
            }
            throw e;
        }
    }

    private Sink sink(ProjectId project, Channel channel, Runnable ready) {
        return switch (channel) {
            case Channel.Http http -> new HttpSink(vertx, settings.push(), fence, deadlines, clock, http, ready);
            case Channel.Amqp queue -> door.open(new QueueKey(project, queue.queue()), ready);
            case Channel.Kafka _, Channel.Storage _ ->
                new Nowhere(new Failure.Unreachable(channel.kind().name(), "there is no such channel yet"));
        };
    }
}
