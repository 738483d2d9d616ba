// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Message;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageError;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subscription;
import dev.downlink.model.TimelineStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of messages. All times are of the database's clock. Every change of a status writes its event in the same
 * transaction, if a rule asks for it. What is done per message goes in batches.
 */
public sealed interface MessageRows<R extends Record> extends RepositoryRequest<R> {

    /**
     * Stores a message as pending, and gives up the oldest of its device that are too many. Fails with
     * {@link Failure.DeviceNotFound}, {@link Failure.AlreadyExists} or {@link Failure.MessagesFull}.
     *
     * @param grace how long a message that is not to wait may take on its way
     */
    record InsertMessage(
            ProjectId project,
            DeviceId device,
            Message message,
            MessageCache cache,
            Duration grace,
            TimelineStep accepted)
            implements MessageRows<Inserted> {}

    /** Newest first, without their timelines. */
    record SelectMessages(DeviceId connection, DeviceId device, int limit)
            implements MessageRows<DeliveryRequest.Messages> {}

    record SelectMessage(MessageKey key) implements MessageRows<DeliveryRequest.MaybeMessage> {}

    record DeleteMessageRow(MessageKey key) implements MessageRows<Done> {}

    /** Pending messages, and those that were written and not acknowledged, of a connection that still has this epoch. */
    record SelectWaiting(DeviceId connection, long epoch, long after, int limit)
            implements MessageRows<DeliveryRequest.Waiting> {}

    /** Moves a message on, never back; says what it is afterwards. */
    record SettleMessage(
            MessageKey key,
            DeliveryRequest.Fate fate,
            @Nullable MessageError error,
            List<TimelineStep> steps) implements MessageRows<Settled> {}

    /**
     * Ends messages whose time is over, at most about so many. Any node may do it at any time; while one does, the
     * others find nothing to do.
     */
    record ExpireMessages(int limit) implements MessageRows<Expired> {}

    /** Devices of a space that subscribed broadcasts, in order of their ids, after the given one. */
    record SelectListeners(
            ProjectId project, SpaceId space, @Nullable DeviceId after, int limit) implements MessageRows<Listeners> {}

    /**
     * @param behind sequence of the last message of the device that was not delivered when this one came; 0 for none
     * @param pushedOut pending messages that this one replaced
     */
    record Inserted(QueuedMessage message, long behind, Instant created, List<MessageKey> pushedOut) {}

    /** @param status null when there is no such message any more */
    record Settled(@Nullable MessageStatus status, @Nullable Instant finished) {}

    /** @param more whether others may be due too */
    record Expired(int count, boolean more) {}

    record Listeners(List<Listener> listeners) {}

    record Listener(DeviceId device, List<Subscription> subscriptions) {}
}
