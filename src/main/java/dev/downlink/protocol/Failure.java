// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.ProductId;
import dev.downlink.model.RequestId;
import dev.downlink.model.SpaceId;

/** Everything that can go wrong, as data. What a caller is told of each stands in {@link Problem}. */
public sealed interface Failure {

    /** A field breaks a rule of the contract; {@code why} completes the sentence "{field} …". */
    record Invalid(String field, String why) implements Failure {}

    /** A call breaks the product's model. */
    record ModelViolation(String field, String why) implements Failure {}

    /** The body or a header cannot be read at all. */
    record Unreadable(String what, String why) implements Failure {}

    record BadTime(String field, String why) implements Failure {}

    record StartAfterEnd(String start, String end) implements Failure {}

    record BadLimit(String why) implements Failure {}

    record BadMarker(String why) implements Failure {}

    record TooLarge(int limitBytes) implements Failure {}

    record NoSuchUrl(String method, String path) implements Failure {}

    record MethodNotAllowed(String method, String path) implements Failure {}

    record NotAuthenticated(String why) implements Failure {}

    record InvalidToken(String why) implements Failure {}

    record Forbidden(String why) implements Failure {}

    record RateLimited(String what) implements Failure {}

    /** A thing that has no failure of its own: a project, a user, an access key, a topic. */
    record NotFound(String kind, String name) implements Failure {}

    /** A tag's key that begins as only the platform's own do. */
    record ReservedTag(String key) implements Failure {}

    record AlreadyExists(String kind, String name) implements Failure {}

    /** A bound of the contract on how many there may be. */
    record LimitReached(String kind, int limit) implements Failure {}

    /** A thing that others still need cannot be deleted. */
    record InUse(String kind, String name, String by) implements Failure {}

    /** Nobody is, or answers as it should, where the events of a rule are to be sent. */
    record Unreachable(String where, String why) implements Failure {}

    /** Somebody else changed the same thing at the same time. */
    record Conflict(String kind, String name) implements Failure {}

    record SpaceNotFound(SpaceId space) implements Failure {}

    record ProductNotFound(ProductId product) implements Failure {}

    record DeviceNotFound(DeviceId device) implements Failure {}

    record DeviceExists(DeviceId device) implements Failure {}

    /** Sub-devices cannot be frozen. */
    record DeviceIsSubDevice(DeviceId device) implements Failure {}

    record AlreadyFrozen(DeviceId device) implements Failure {}

    record NotFrozen(DeviceId device) implements Failure {}

    /** Was connected before, is not now. */
    record DeviceOffline(DeviceId device) implements Failure {}

    record DeviceNeverConnected(DeviceId device) implements Failure {}

    record DeviceFrozen(DeviceId device) implements Failure {}

    /** The device is reached through a gateway, which is not connected. */
    record GatewayOffline(DeviceId device, DeviceId gateway) implements Failure {}

    record NotSubscribed(DeviceId device, String topic) implements Failure {}

    /** Whoever was asked does not hold that device's connection (any more). */
    record NotHere(DeviceId device) implements Failure {}

    /** The device does not read what is sent to it: too much is unacknowledged or not yet written. */
    record DeviceCongested(DeviceId device) implements Failure {}

    /** Too many calls wait for one device. */
    record TooManyCalls(DeviceId device, int limit) implements Failure {}

    /** As many messages wait for the device as its product allows, and it is set to refuse more. */
    record MessagesFull(DeviceId device, int limit) implements Failure {}

    /** Newer messages took the place of one that waited. */
    record MessagePushedOut(DeviceId device) implements Failure {}

    /** The device answered a message with an error. */
    record MessageRefused(DeviceId device) implements Failure {}

    /** The device takes no packet of a message's size. */
    record MessageTooLarge(DeviceId device) implements Failure {}

    /** The time to live of a message ended before it was delivered. */
    record MessageExpired(DeviceId device) implements Failure {}

    /** A service's shadow does not have the version that a change was made for. */
    record ShadowChanged(DeviceId device, String service, long version) implements Failure {}

    /** Messages are for devices that speak MQTT. */
    record WrongProtocol(DeviceId device, String protocol) implements Failure {}

    record CallTimedOut(RequestId request, Progress progress, int seconds) implements Failure {}

    /** The node that held the connection went away before the call could be published. */
    record NodeLost(DeviceId device) implements Failure {}

    /** A room has all the work in hand that it may have. */
    record Busy(String room) implements Failure {}

    /** Nobody listens at the address, so nothing was done. */
    record NobodyThere(String room) implements Failure {}

    /** A room did not answer in time; whether it did what was asked is not known. */
    record NoAnswer(String room, String request) implements Failure {}

    record StorageUnavailable() implements Failure {}

    record ShuttingDown() implements Failure {}

    /** A bug; the log has the stack trace under the incident's id. */
    record Internal(String incident) implements Failure {}

    /** How far a call had come when its time was up. */
    enum Progress {
        /** Not handed to the device's connection. */
        NOT_PUBLISHED,
        /** Written with QoS 0, which nobody acknowledges. */
        PUBLISHED,
        /** Written with QoS 1; the device has not acknowledged it. */
        NOT_ACKNOWLEDGED,
        /** The device acknowledged it and did not answer. */
        ACKNOWLEDGED,
        /** The connection on which it was written is gone. */
        CONNECTION_LOST,
        /** The node that holds the connection did not say. */
        UNKNOWN
    }
}
