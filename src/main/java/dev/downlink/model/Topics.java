// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The topics of the device protocol (southbound §2.1): the only place that knows how {@code $oc/…} is spelt. In a
 * topic stands the id of the device that holds the connection, so a sub-device's topics carry its gateway's id.
 */
public final class Topics {
    private static final String DEVICES = "$oc/devices/";
    private static final String BROADCAST = "$oc/broadcast/";
    private static final String REQUEST = "request_id=";
    private static final String SHADOW_GET = "/sys/shadow/get/" + REQUEST;
    /** How the answers of each kind of call begin, below {@code $oc/devices/{device}/}. */
    private static final List<Map.Entry<String, CallKind>> ANSWERS = Arrays.stream(CallKind.values())
            .map(kind -> Map.entry("sys/" + path(kind) + "/response/" + REQUEST, kind))
            .toList();

    private Topics() {}

    /** Where a device listens for calls of a kind. */
    public static String call(DeviceId connection, CallKind kind, RequestId request) {
        return calls(connection, kind) + REQUEST + request;
    }

    /** Where a device answers the call that came on {@code topic}; empty when it is no topic of a call to this device. */
    public static Optional<String> answer(DeviceId connection, String topic) {
        return kind(connection, topic).map(kind -> {
            String calls = calls(connection, kind);
            return calls + "response/" + topic.substring(calls.length());
        });
    }

    /** What kind of call comes on {@code topic}; empty when it is no topic of a call to this device. */
    public static Optional<CallKind> kind(DeviceId connection, String topic) {
        for (CallKind kind : CallKind.values()) {
            if (topic.startsWith(calls(connection, kind) + REQUEST)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static String calls(DeviceId connection, CallKind kind) {
        return DEVICES + connection + "/sys/" + path(kind) + '/';
    }

    /** {@code $oc/devices/{device}/sys/messages/down} */
    public static String messagesDown(DeviceId connection) {
        return DEVICES + connection + "/sys/messages/down";
    }

    /** {@code $oc/devices/{device}/sys/events/down} */
    public static String eventsDown(DeviceId connection) {
        return DEVICES + connection + "/sys/events/down";
    }

    /** Where a device hears the shadow that it asked for (southbound §2.6). */
    public static String shadow(DeviceId connection, String requestId) {
        return DEVICES + connection + "/sys/shadow/get/response/" + REQUEST + requestId;
    }

    /** {@code $oc/devices/{device}/sys/messages/up} */
    public static String messagesUp(DeviceId connection) {
        return DEVICES + connection + "/sys/messages/up";
    }

    /** {@code $oc/devices/{device}/sys/properties/report} */
    public static String propertiesReport(DeviceId connection) {
        return DEVICES + connection + "/sys/properties/report";
    }

    /** {@code $oc/devices/{device}/user/{suffix}} */
    public static String custom(DeviceId connection, String suffix) {
        return DEVICES + connection + "/user/" + suffix;
    }

    /** Whether devices can only hear it by a subscription of their own (southbound §2.9). */
    public static boolean isBroadcast(String topicOrFilter) {
        return topicOrFilter.startsWith(BROADCAST);
    }

    /** @throws InvalidField when it is no topic that a message can be published to (MQTT §4.7) */
    public static void checkName(String field, String topic) {
        if (topic.chars().anyMatch(c -> c == '+' || c == '#' || c == 0)) {
            throw new InvalidField(field, "must not have the wildcards '+' and '#'");
        }
    }

    public static boolean isSystem(String topicOrFilter) {
        return topicOrFilter.startsWith("$oc/") || topicOrFilter.equals("$oc");
    }

    /**
     * Whether a topic is one that every device receives without subscribing (southbound §0.1): all below
     * {@code $oc/devices/{device}/sys/}.
     */
    public static boolean isImplicit(DeviceId connection, String topic) {
        int id = DEVICES.length();
        return topic.startsWith(DEVICES)
                && topic.startsWith(connection.value(), id)
                && topic.startsWith("/sys/", id + connection.value().length());
    }

    /** Whether a device may subscribe a filter (southbound §3.3): its own topics, broadcasts, and all without {@code $}. */
    public static boolean maySubscribe(DeviceId connection, String filter) {
        if (!filter.startsWith("$")) {
            return true;
        }
        return filter.startsWith(BROADCAST) || below(connection, filter).isPresent();
    }

    /** What a device's PUBLISH is about. A query part ({@code ?encoding=gzip}) is cut off before. */
    public static Uplink uplink(DeviceId connection, String topic) {
        if (!isSystem(topic)) {
            return new Uplink.Free(topic);
        }
        int query = topic.indexOf('?');
        String path = query < 0 ? topic : topic.substring(0, query);
        boolean gzip = query >= 0 && topic.indexOf("encoding=gzip", query) >= 0;
        return below(connection, path)
                .<Uplink>map(rest -> classify(rest, gzip))
                .orElseGet(() -> inAnotherName(path, gzip));
    }

    /** Some SDKs ask for the shadow of a sub-device in its own name (southbound §2.6); all else is the connection's. */
    private static Uplink inAnotherName(String path, boolean gzip) {
        int found = path.indexOf(SHADOW_GET);
        if (!path.startsWith(DEVICES) || found < 0) {
            return new Uplink.Foreign();
        }
        try {
            DeviceId subDevice = new DeviceId(path.substring(DEVICES.length(), found));
            return new Uplink.ShadowGet(subDevice, path.substring(found + SHADOW_GET.length()), gzip);
        } catch (InvalidField e) {
            return new Uplink.Foreign();
        }
    }

    private static Uplink classify(String rest, boolean gzip) {
        if (rest.startsWith("user/")) {
            return new Uplink.Custom(rest.substring("user/".length()));
        }
        return switch (rest) {
            case "sys/messages/up" -> new Uplink.Report(Uplink.Report.Kind.MESSAGE, gzip);
            case "sys/properties/report" -> new Uplink.Report(Uplink.Report.Kind.PROPERTIES, gzip);
            case "sys/gateway/sub_devices/properties/report" ->
                new Uplink.Report(Uplink.Report.Kind.SUB_DEVICE_PROPERTIES, gzip);
            case "sys/events/up" -> new Uplink.Report(Uplink.Report.Kind.EVENTS, gzip);
            default -> requestOrAnswer(rest, gzip);
        };
    }

    private static Uplink requestOrAnswer(String rest, boolean gzip) {
        for (Map.Entry<String, CallKind> answer : ANSWERS) {
            String prefix = answer.getKey();
            if (rest.startsWith(prefix)) {
                return new Uplink.Answer(answer.getValue(), rest.substring(prefix.length()), gzip);
            }
        }
        int start = SHADOW_GET.length() - 1;
        return rest.startsWith(SHADOW_GET.substring(1))
                ? new Uplink.ShadowGet(null, rest.substring(start), gzip)
                : new Uplink.Unknown();
    }

    private static String path(CallKind kind) {
        return switch (kind) {
            case COMMAND -> "commands";
            case PROPERTIES_SET -> "properties/set";
            case PROPERTIES_GET -> "properties/get";
        };
    }

    private static Optional<String> below(DeviceId connection, String topic) {
        int id = DEVICES.length();
        int end = id + connection.value().length();
        boolean own = topic.startsWith(DEVICES)
                && topic.startsWith(connection.value(), id)
                && topic.length() > end + 1
                && topic.charAt(end) == '/';
        return own ? Optional.of(topic.substring(end + 1)) : Optional.empty();
    }
}
