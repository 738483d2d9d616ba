// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.CallKind;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.MessageStatus;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.model.SpaceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that happened, told without waiting for anybody. */
public sealed interface Notice {

    /**
     * A device answered a call. Sent to the one correlator instance that the request id names.
     *
     * @param connection the device on whose connection the answer came
     */
    record AnswerArrived(RequestId request, DeviceId connection, CallKind kind, Json answer) implements Notice {}

    /**
     * What became of a message. Sent to the one delivery instance that took it from its application.
     *
     * @param finished null while it is pending, and then nothing is to be expected soon
     */
    record MessageSettled(
            MessageKey key, MessageStatus status, @Nullable Instant finished) implements Notice {}

    /** A notice for everybody in the cluster who listens for its type. */
    sealed interface Event extends Notice {}

    /** An event after which answers of the registry's may be others. */
    sealed interface Change extends Event {}

    /** A device was changed or deleted; what is cached of it is stale. */
    record DeviceChanged(DeviceId device) implements Change {}

    record ProductChanged(ProjectId project, ProductId product) implements Change {}

    /** Keys, users or projects were changed. */
    record AccountsChanged() implements Change {}

    /**
     * An instance of this node's registry answers no more with what was before a change. Told in a node only, by each instance:
     * whoever remembers answers of the registry forgets them then, and does not keep those that he asked for before.
     *
     * @param change what the registry was told
     */
    record Forgotten(Change change) implements Event {}

    /** Rules of a project were made, changed or deleted; what is asked for may be something else now. */
    record RulesChanged(ProjectId project) implements Change {}

    /**
     * Events were stored for applications, or soon will be. Told in a node only.
     *
     * @param settled those with smaller ids have had their time to become visible
     */
    record EventsStored(long settled) implements Event {}

    /** Whoever logged in with an earlier access code of a project, of the type AMQP, is to be sent away if so asked. */
    record AccessCodeReplaced(ProjectId project, boolean disconnect) implements Event {}

    /** A node came, or came back after it was out of reach: what it changed before was not heard here. Told in a node only. */
    record NodeJoined(int node) implements Change {}

    /** A node is gone or out of reach. Told in a node only. */
    record NodeLeft(int node) implements Event {}

    /** This node was taken for dead, so nobody knows any more which devices it holds. Told in that node only. */
    record SessionsLost() implements Event {}

    /**
     * A message for all devices of a space that are connected and subscribed its topic (northbound §2.3).
     *
     * @param payload Base64
     */
    record BroadcastSent(ProjectId project, SpaceId space, String topic, String payload) implements Event {}
}
