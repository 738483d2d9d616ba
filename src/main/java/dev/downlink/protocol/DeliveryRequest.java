// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Message;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageId;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.StoredMessage;
import dev.downlink.model.TimelineStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What delivery can be asked: by applications for durable messages, and by adapters for what waits for their devices. */
public sealed interface DeliveryRequest<R extends Record> extends Request<R> {

    /**
     * Stores a message and delivers it if the device is connected (northbound §2.1). Answers when it is final or the time
     * to wait for that is over; it is stored in any case. Fails with {@link Failure.AlreadyExists} for an id that the device
     * has already, or {@link Failure.MessagesFull}.
     *
     * @param repeatable an id that exists with the same content is answered with what became of that message
     */
    record SendMessage(ProjectId project, DeviceId device, Message message, Instant accepted, boolean repeatable)
            implements DeliveryRequest<Sent> {
        /** Delivery times the wait itself. */
        @Override
        public Duration patience() {
            return Duration.ofSeconds(30);
        }
    }

    /** The messages kept for a device, newest first (northbound §2.2). */
    record ListMessages(ProjectId project, DeviceId device) implements DeliveryRequest<Messages> {}

    /** One message with its timeline; absent when the device has none with this id. */
    record ShowMessage(ProjectId project, DeviceId device, MessageId id) implements DeliveryRequest<MaybeMessage> {}

    /** Gives a message up and forgets it; nothing happens when there is none. */
    record DeleteMessage(ProjectId project, DeviceId device, MessageId id) implements DeliveryRequest<Done> {}

    /**
     * Sends to all connected devices of a space that subscribed the topic (northbound §2.3). With a ttl it is stored as a
     * message for each of its subscribers, of which there may be {@value #MAX_CACHED} then.
     *
     * @param space the default one when absent
     * @param payload Base64
     * @param repeatable subscribers for which it is stored already are passed over, so that one that failed half-way can be
     *     asked for again
     */
    record Broadcast(
            ProjectId project,
            @Nullable SpaceId space,
            String topic,
            String payload,
            int ttl,
            MessageId id,
            boolean repeatable)
            implements DeliveryRequest<BroadcastSent> {
        /** Subscribers of a broadcast that waits for them. */
        public static final int MAX_CACHED = 10;
    }

    /**
     * What waits for a connection, oldest first.
     *
     * @param epoch of the connection; one that was taken over gets nothing more
     * @param after sequence after which to begin
     */
    record FetchWaiting(DeviceId connection, long epoch, long after, int limit) implements DeliveryRequest<Waiting> {}

    /**
     * Records what became of a message at its connection. May be repeated.
     *
     * @param steps what happened since the last report
     * @param origin the delivery instance that waits to hear of it
     */
    record Settle(
            MessageKey key,
            Fate fate,
            @Nullable MessageError error,
            List<TimelineStep> steps,
            @Nullable Address origin) implements DeliveryRequest<Done> {}

    /** What an adapter says of a message. */
    enum Fate {
        /** It still waits, and {@code error} or a step says for what. */
        WAITING,
        /** Written with QoS 1, not acknowledged, and the setting is to call that delivered. It is sent again if it must be. */
        WRITTEN,
        /** Acknowledged, or written with QoS 0. */
        DELIVERED,
        FAILED
    }

    /** @param finished null while it is pending */
    record Sent(
            MessageId id,
            MessageStatus status,
            Instant created,
            @Nullable Instant finished) {}

    record Messages(DeviceId device, List<StoredMessage> messages) {}

    record MaybeMessage(@Nullable StoredMessage message) {}

    record BroadcastSent(SpaceId space, MessageId id, Instant created) {}

    /** @param more whether there may be more than these */
    record Waiting(List<QueuedMessage> messages, boolean more) {}
}
