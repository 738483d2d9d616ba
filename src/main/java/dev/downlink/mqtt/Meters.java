// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.Uplink;
import dev.downlink.telemetry.Amount;
import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;
import java.util.EnumMap;
import java.util.Map;

/** What one verticle instance counts. */
record Meters(
        Map<Version, Level> plain,
        Map<Version, Level> tls,
        Tally<Connack> connects,
        Tally<Refusal> refused,
        Tally<Closing> closed,
        Amount takeOvers,
        Tally<Kind> uplinks,
        Tally<Dropped> dropped,
        Amount namelessParts,
        Amount uplinkBytes,
        Amount published,
        Amount publishedBytes,
        Tally<MessageEvent> messages,
        Tally<Pull> pulls,
        Tally<Broadcasts.Copy> broadcasts,
        Tally<Events.Kind> events,
        Tally<EventsDown.Sent> eventsSent) {

    /** Of MQTT. */
    enum Version {
        MQTT_3_1("3.1"),
        MQTT_3_1_1("3.1.1"),
        MQTT_5("5");

        private final String text;

        Version(String text) {
            this.text = text;
        }

        static Version of(Connect connect) {
            if (connect.isMqtt5()) {
                return MQTT_5;
            }
            return connect.isMqtt31() ? MQTT_3_1 : MQTT_3_1_1;
        }
    }

    /** Of a topic that a device publishes to. */
    enum Kind {
        ANSWER,
        REPORT,
        SHADOW_GET,
        FREE,
        CUSTOM,
        UNKNOWN,
        FOREIGN;

        static Kind of(Uplink uplink) {
            return switch (uplink) {
                case Uplink.Answer _ -> ANSWER;
                case Uplink.Report _ -> REPORT;
                case Uplink.ShadowGet _ -> SHADOW_GET;
                case Uplink.Free _ -> FREE;
                case Uplink.Custom _ -> CUSTOM;
                case Uplink.Unknown _ -> UNKNOWN;
                case Uplink.Foreign _ -> FOREIGN;
            };
        }
    }

    /** Why a PUBLISH of a device is dropped. */
    enum Dropped {
        UNKNOWN_TOPIC,
        TOPIC_OF_ANOTHER,
        TOPIC_NOT_IN_PRODUCT,
        REQUEST_ID_NOT_OURS,
        ANSWER_NOT_JSON,
        EVENTS_MALFORMED,
        SHADOW_GET_UNREADABLE,
        TOO_MANY_SHADOW_GETS,
        /** A report of properties that cannot be read, or is too large. */
        REPORT_UNREADABLE,
        /** A packed payload that cannot be unpacked, or is too large then. */
        NOT_UNPACKED,
        /** In the name of a device that is not the connection's own or below it. */
        DEVICE_OF_ANOTHER,
        /** Too much is in hand, or the database is away: neither done nor acknowledged as done. */
        NOT_TAKEN
    }

    /** What happens to a durable message at its connection. */
    enum MessageEvent {
        PUBLISHED,
        RESENT,
        ACKNOWLEDGED,
        /** By the device (MQTT 5). */
        REFUSED,
        /** Not acknowledged when the connection ended. */
        RETURNED,
        /** Its topic is not subscribed. */
        PARKED,
        TOO_LARGE,
        EXPIRED
    }

    /** How a read of the messages that wait for a connection ended. */
    enum Pull {
        OK,
        FAILED
    }

    static Meters of(Telemetry telemetry) {
        return new Meters(
                connections(telemetry, "false"),
                connections(telemetry, "true"),
                telemetry.tally(MeterName.MQTT_CONNECTS, Connack.class),
                telemetry.tally(MeterName.MQTT_REFUSED, Refusal.class),
                telemetry.tally(MeterName.MQTT_CLOSED, Closing.class),
                telemetry.amount(MeterName.MQTT_TAKE_OVERS),
                telemetry.tally(MeterName.MQTT_UPLINKS, Kind.class),
                telemetry.tally(MeterName.MQTT_UPLINKS_DROPPED, Dropped.class),
                telemetry.amount(MeterName.MQTT_REPORTS_NAMELESS),
                telemetry.amount(MeterName.MQTT_UPLINK_BYTES),
                telemetry.amount(MeterName.MQTT_PUBLISHED),
                telemetry.amount(MeterName.MQTT_PUBLISHED_BYTES),
                telemetry.tally(MeterName.MQTT_MESSAGES, MessageEvent.class),
                telemetry.tally(MeterName.MQTT_PULLS, Pull.class),
                telemetry.tally(MeterName.MQTT_BROADCASTS, Broadcasts.Copy.class),
                telemetry.tally(MeterName.MQTT_EVENTS, Events.Kind.class),
                telemetry.tally(MeterName.MQTT_EVENTS_SENT, EventsDown.Sent.class));
    }

    /** Where a device of this kind is counted as long as it is connected. */
    Level connections(Connect connect, boolean isTls) {
        Map<Version, Level> levels = isTls ? tls : plain;
        return levels.getOrDefault(Version.of(connect), new Level());
    }

    void accepted() {
        connects.count(Connack.ACCEPTED);
    }

    void refused(Refusal why) {
        connects.count(why.connack());
        refused.count(why);
    }

    private static Map<Version, Level> connections(Telemetry telemetry, String tls) {
        Map<Version, Level> levels = new EnumMap<>(Version.class);
        for (Version version : Version.values()) {
            levels.put(version, telemetry.level(MeterName.MQTT_CONNECTIONS, version.text, tls));
        }
        return levels;
    }
}
