// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.MessageError;

/**
 * What an application is told of a failure: the error table of the gateway. Codes up to {@code IOTDA.0…} are Huawei's
 * (northbound §9); {@code IOTDA.9…} are our own, for cases in which Huawei's code is not documented.
 *
 * @param status HTTP status
 * @param code error_code
 * @param reason a word of ours that is one to one with the failure, for programs
 * @param text error_msg
 */
public record Problem(int status, String code, String reason, String text) {

    private static final String TIMED_OUT =
            "Command request timed out. Check whether the device returns a response within"
                    + " the specified time after receiving the request.";

    /** The one table, used for HTTP answers, error_info, batch details and pushes alike. */
    public static Problem of(Failure failure) {
        return switch (failure) {
            case Failure.Invalid f -> invalid("invalid_field", f.field() + " " + f.why());
            case Failure.ModelViolation f -> invalid("model_violation", f.field() + " " + f.why());
            case Failure.Unreadable f -> new Problem(400, "IOTDA.000008", "unreadable", f.what() + " " + f.why());
            case Failure.BadTime f -> new Problem(400, "IOTDA.000009", "bad_time", f.field() + " " + f.why());
            case Failure.StartAfterEnd f ->
                new Problem(400, "IOTDA.000010", "start_after_end", f.start() + " is after " + f.end() + ".");
            case Failure.BadLimit f -> new Problem(400, "IOTDA.000017", "bad_limit", "limit " + f.why());
            case Failure.BadMarker f -> new Problem(400, "IOTDA.000018", "bad_marker", "marker " + f.why());
            case Failure.TooLarge f ->
                new Problem(413, "IOTDA.000006", "too_large", "The body is larger than " + f.limitBytes() + " bytes.");
            case Failure.NoSuchUrl f ->
                new Problem(404, "IOTDA.000029", "no_such_url", "There is no " + f.method() + " " + f.path() + ".");
            case Failure.MethodNotAllowed f ->
                new Problem(405, "IOTDA.000029", "method_not_allowed", f.path() + " has no " + f.method() + ".");
            case Failure.NotAuthenticated f ->
                new Problem(401, "IOTDA.000002", "not_authenticated", "Authentication failed: " + f.why() + ".");
            case Failure.InvalidToken f ->
                new Problem(403, "IOTDA.000004", "invalid_token", "Invalid access token: " + f.why() + ".");
            case Failure.Forbidden f ->
                new Problem(403, "IOTDA.000022", "forbidden", "No permission: " + f.why() + ".");
            case Failure.RateLimited f ->
                new Problem(403, "IOTDA.000023", "rate_limited", "The rate limit is reached: " + f.what() + ".");
            case Failure.NotFound f ->
                new Problem(404, "IOTDA.900001", "not_found", "The " + f.kind() + " " + f.name() + " does not exist.");
            case Failure.AlreadyExists f ->
                new Problem(
                        400, "IOTDA.900002", "already_exists", "The " + f.kind() + " " + f.name() + " already exists.");
            case Failure.ReservedTag f ->
                new Problem(
                        400,
                        "IOTDA.004002",
                        "reserved_tag",
                        "Invalid input. The tag_key " + f.key() + " cannot start with 'iot_'.");
            case Failure.LimitReached f ->
                new Problem(403, "IOTDA.900003", "limit_reached", "There may be " + f.limit() + " " + f.kind() + ".");
            case Failure.InUse f ->
                new Problem(
                        400,
                        "IOTDA.900004",
                        "in_use",
                        "The " + f.kind() + " " + f.name() + " is still used by " + f.by() + ".");
            case Failure.Conflict f ->
                new Problem(
                        409,
                        "IOTDA.900005",
                        "conflict",
                        "The " + f.kind() + " " + f.name()
                                + " was changed by somebody else at the same time. Try again.");
            case Failure.Unreachable f ->
                new Problem(400, "IOTDA.900006", "unreachable", "Cannot reach " + f.where() + ": " + f.why() + ".");
            case Failure.SpaceNotFound f ->
                new Problem(
                        403, "IOTDA.001000", "space_not_found", "The application " + f.space() + " does not exist.");
            case Failure.ProductNotFound f ->
                new Problem(
                        404, "IOTDA.900101", "product_not_found", "The product " + f.product() + " does not exist.");
            case Failure.DeviceNotFound f ->
                new Problem(404, "IOTDA.014000", "device_not_found", "The device " + f.device() + " does not exist.");
            case Failure.DeviceExists f ->
                new Problem(400, "IOTDA.014031", "device_exists", "The device " + f.device() + " already exists.");
            case Failure.DeviceIsSubDevice f ->
                new Problem(
                        403,
                        "IOTDA.014038",
                        "device_is_sub_device",
                        "The device " + f.device() + " is a sub-device and cannot be frozen.");
            case Failure.AlreadyFrozen f ->
                new Problem(403, "IOTDA.014039", "already_frozen", "The device " + f.device() + " is already frozen.");
            case Failure.NotFrozen f ->
                new Problem(403, "IOTDA.014040", "not_frozen", "The device " + f.device() + " is not frozen.");
            case Failure.DeviceOffline _ -> notOnline("device_offline", "The device is not online.");
            case Failure.DeviceNeverConnected _ ->
                notOnline("device_never_connected", "The device is not online. It has never been connected.");
            case Failure.DeviceFrozen _ -> notOnline("device_frozen", "The device is not online. It is frozen.");
            case Failure.GatewayOffline f ->
                new Problem(
                        400,
                        "IOTDA.014028",
                        "gateway_offline",
                        "Operation not allowed. The gateway " + f.gateway() + " of the device is not online.");
            case Failure.NotSubscribed f ->
                new Problem(
                        400,
                        "IOTDA.014112",
                        "not_subscribed",
                        "Send to device failed, device not subscribe topic. Topic: " + f.topic() + ".");
            case Failure.NotHere _ -> notOnline("device_offline", "The device is not online.");
            case Failure.DeviceCongested _ ->
                new Problem(
                        403,
                        "IOTDA.900201",
                        "device_congested",
                        "The device does not take what was already sent to it. Nothing more was sent.");
            case Failure.TooManyCalls f ->
                new Problem(
                        403,
                        "IOTDA.000023",
                        "too_many_calls",
                        "The rate limit is reached: " + f.limit() + " calls already wait for the device.");
            case Failure.MessagesFull f ->
                new Problem(
                        403,
                        "IOTDA.900202",
                        "messages_full",
                        f.limit() + " messages already wait for the device " + f.device() + ", which is the limit.");
            case Failure.MessagePushedOut _ ->
                new Problem(403, "IOTDA.900203", "message_pushed_out", "Newer messages took the place of this one.");
            case Failure.MessageRefused _ ->
                new Problem(403, "IOTDA.900204", "message_refused", "The device answered the message with an error.");
            case Failure.MessageTooLarge _ ->
                new Problem(
                        403, "IOTDA.900205", "message_too_large", "The device takes no packet of the message's size.");
            case Failure.MessageExpired _ ->
                new Problem(
                        403,
                        "IOTDA.900206",
                        "message_expired",
                        "The time to live of the message ended before it was delivered.");
            case Failure.WrongProtocol f ->
                new Problem(
                        403,
                        "IOTDA.900207",
                        "wrong_protocol",
                        "Operation not allowed. The device " + f.device() + " speaks " + f.protocol() + ", not MQTT.");
            case Failure.ShadowChanged f ->
                new Problem(
                        409,
                        "IOTDA.900208",
                        "shadow_changed",
                        "The shadow of service " + f.service() + " has version " + f.version()
                                + " now, not the one that was sent.");
            case Failure.CallTimedOut f ->
                new Problem(200, "IOTDA.014111", "call_timed_out", TIMED_OUT + " " + howFar(f.progress()));
            case Failure.NodeLost _ ->
                new Problem(
                        503,
                        "IOTDA.900301",
                        "node_lost",
                        "The node that holds the device's connection went away. The call may or may not have been"
                                + " sent.");
            case Failure.Busy f ->
                new Problem(
                        503,
                        "IOTDA.900302",
                        "busy",
                        "Too much is in work already (" + f.room() + "). Try again later.");
            case Failure.NobodyThere f ->
                new Problem(503, "IOTDA.900306", "nobody_there", "The " + f.room() + " is not running.");
            case Failure.NoAnswer f ->
                new Problem(503, "IOTDA.900303", "no_answer", "The " + f.room() + " did not answer in time.");
            case Failure.StorageUnavailable _ ->
                new Problem(
                        503, "IOTDA.900304", "storage_unavailable", "The database cannot be reached. Try again later.");
            case Failure.ShuttingDown _ ->
                new Problem(503, "IOTDA.900305", "shutting_down", "This node is shutting down. Try again.");
            case Failure.Internal f ->
                new Problem(500, "IOTDA.000001", "internal", "Internal server error. Incident " + f.incident() + ".");
        };
    }

    /** The {@code error_info} of a message (northbound §2.2). */
    public static Problem of(MessageError error, DeviceId device, String topic) {
        return of(
                switch (error) {
                    case DEVICE_OFFLINE -> new Failure.DeviceOffline(device);
                    case NOT_SUBSCRIBED -> new Failure.NotSubscribed(device, topic);
                    case PUSHED_OUT -> new Failure.MessagePushedOut(device);
                    case REFUSED_BY_DEVICE -> new Failure.MessageRefused(device);
                    case TOO_LARGE_FOR_DEVICE -> new Failure.MessageTooLarge(device);
                    case EXPIRED -> new Failure.MessageExpired(device);
                });
    }

    /** How far a call had come, in words. */
    public static String howFar(Failure.Progress progress) {
        return switch (progress) {
            case NOT_PUBLISHED -> "It was not yet published to the device.";
            case PUBLISHED -> "It was published with QoS 0, which is not acknowledged.";
            case NOT_ACKNOWLEDGED -> "It was published, but the device has not acknowledged it (no PUBACK).";
            case ACKNOWLEDGED -> "The device acknowledged it (PUBACK), but did not answer.";
            case UNKNOWN -> "Whether it was published is not known: the node that holds the connection did not say.";
            case CONNECTION_LOST -> "It was published, and then that connection of the device was lost.";
        };
    }

    private static Problem notOnline(String reason, String text) {
        return new Problem(403, "IOTDA.014016", reason, "Operation not allowed. " + text);
    }

    private static Problem invalid(String reason, String text) {
        return new Problem(400, "IOTDA.000006", reason, text + ".");
    }
}
