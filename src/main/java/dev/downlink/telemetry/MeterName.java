// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import java.util.List;

/** Every meter of the gateway. Prometheus writes dots as underscores and adds the unit. */
public enum MeterName {
    COMMANDS(
            Kind.TIMER,
            "downlink.commands",
            "Commands by outcome: success, or the reason of the error; from the request to the answer",
            "outcome"),
    PROPERTIES(
            Kind.TIMER,
            "downlink.properties",
            "Properties of devices, set or get, by the same outcomes; from the request to the answer",
            "call",
            "outcome"),
    CALLS_WAITING(Kind.GAUGE, "downlink.calls.waiting", "Calls that wait for a device's answer"),
    ANSWERS_UNCLAIMED(
            Kind.COUNTER, "downlink.answers.unclaimed", "Answers of devices for which nobody waited (any more)"),

    MESSAGES_ENDED(
            Kind.COUNTER, "downlink.messages.ended", "Messages that adapters reported as final, by status", "status"),
    MESSAGES_EXPIRED(Kind.COUNTER, "downlink.messages.expired", "Messages ended because their time was over"),
    MESSAGES_WAKE_UPS_LOST(
            Kind.COUNTER,
            "downlink.messages.wake.ups.lost",
            "Times that a device's adapter could not be told of a message that waits, nor be noted to be told later"),

    SHADOW_REPORTS(
            Kind.COUNTER,
            "downlink.shadow.reports",
            "Reports of services: taken, busy (refused), unknown (not in the model), lost; and the rows written of"
                    + " them",
            "outcome"),
    SHADOW_WAITING(
            Kind.GAUGE,
            "downlink.shadow.waiting",
            "Reported values that are not yet written; a long one counts once more for each KiB"),
    SHADOW_PUSHES(
            Kind.COUNTER, "downlink.shadow.pushes", "Desired values sent to devices by what came of it", "outcome"),

    MQTT_CONNECTIONS(Kind.GAUGE, "downlink.mqtt.connections", "Devices that are logged in", "protocol", "tls"),
    MQTT_CONNECTS(Kind.COUNTER, "downlink.mqtt.connects", "CONNECT packets by what CONNACK said", "result"),
    MQTT_REFUSED(Kind.COUNTER, "downlink.mqtt.refused", "Refused logins by their exact reason", "reason"),
    MQTT_CLOSED(Kind.COUNTER, "downlink.mqtt.closed", "Connections that the gateway closed, by the reason", "reason"),
    MQTT_TAKE_OVERS(
            Kind.COUNTER, "downlink.mqtt.takeovers", "Logins of devices that had another connection, which was closed"),
    MQTT_UPLINKS(Kind.COUNTER, "downlink.mqtt.uplinks", "PUBLISH packets of devices by kind of topic", "kind"),
    MQTT_UPLINKS_DROPPED(
            Kind.COUNTER, "downlink.mqtt.uplinks.dropped", "PUBLISH packets of devices that were dropped", "reason"),
    MQTT_REPORTS_NAMELESS(
            Kind.COUNTER,
            "downlink.mqtt.reports.nameless",
            "Parts of reports of properties that were left out because they say of no device or service what they are"
                    + " of"),
    MQTT_UPLINK_BYTES(Kind.COUNTER, "downlink.mqtt.uplink.bytes", "Bytes of the PUBLISH packets of devices"),
    MQTT_PUBLISHED(Kind.COUNTER, "downlink.mqtt.published", "PUBLISH packets to devices"),
    MQTT_PUBLISHED_BYTES(Kind.COUNTER, "downlink.mqtt.published.bytes", "Bytes of the PUBLISH packets to devices"),
    MQTT_MESSAGES(
            Kind.COUNTER,
            "downlink.mqtt.messages",
            "Durable messages by what happened to them at a connection",
            "event"),
    MQTT_PULLS(Kind.COUNTER, "downlink.mqtt.pulls", "Reads of the messages that wait for a connection", "outcome"),
    MQTT_BROADCASTS(
            Kind.COUNTER,
            "downlink.mqtt.broadcasts",
            "Copies of broadcasts: sent, or congested: the device did not take more at the moment",
            "outcome"),

    UPLINK_LEFT_OUT(
            Kind.COUNTER,
            "downlink.uplink.left.out",
            "What was left out of reports of properties: a device that is not below the connection, a service or a"
                    + " property that the product does not have",
            "what"),
    UPLINK_OFFERED(
            Kind.COUNTER, "downlink.uplink.offered", "What devices said and a rule asked for, by subject", "subject"),
    MQTT_EVENTS(
            Kind.COUNTER,
            "downlink.mqtt.events",
            "Events of devices by kind; other: none that the gateway deals with itself",
            "kind"),
    MQTT_EVENTS_SENT(
            Kind.COUNTER,
            "downlink.mqtt.events.sent",
            "Events to devices: sent, or not_sent: the device did not take it at the moment",
            "outcome"),

    PUSH_EVENTS(
            Kind.COUNTER,
            "downlink.push.events",
            "Events of rules: delivered, left_out (by the rule's where), failed (attempts), dropped (too old, too much,"
                    + " or of an action that is gone), dead (put aside). After 100 rules any other is called other",
            "rule",
            "outcome"),
    PUSH_WAITING(
            Kind.GAUGE,
            "downlink.push.waiting",
            "Events that wait for an application in the whole cluster, by rule, counted twice a minute; of a queue they"
                    + " count for each of its rules",
            "rule"),
    PUSH_LAG(
            Kind.GAUGE,
            "downlink.push.lag.seconds",
            "How long ago the event happened that waits longest, in the whole cluster, by rule",
            "rule"),
    PUSH_ATTEMPTS(
            Kind.TIMER,
            "downlink.push.attempts",
            "Attempts to send an event, by what came of it; from the sink's taking it to its answer",
            "channel",
            "fate"),
    PUSH_IN_HAND(Kind.GAUGE, "downlink.push.in.hand", "Events in memory that are being sent or wait for it"),
    PUSH_LANES(Kind.GAUGE, "downlink.push.lanes", "Lanes of outlets that this node sends from"),
    PUSH_PAUSED(Kind.GAUGE, "downlink.push.paused", "Outlets whose receiver failed too often, per event loop"),
    PUSH_RECORDS(Kind.GAUGE, "downlink.push.records", "Records on their way to Kafka"),
    PUSH_PRODUCERS(Kind.GAUGE, "downlink.push.producers", "Producers of Kafka"),
    PUSH_GATHERED(
            Kind.GAUGE, "downlink.push.gathered", "Events in files for an object storage that are not yet written"),
    PUSH_FILES(Kind.COUNTER, "downlink.push.files", "Files for an object storage: written, failed", "outcome"),
    PUSH_FILE_BYTES(Kind.SUMMARY, "downlink.push.file.bytes", "Bytes of files that were written"),
    AMQP_CONNECTIONS(Kind.GAUGE, "downlink.amqp.connections", "Consumers of queues that are logged in"),
    AMQP_RECEIVERS(Kind.GAUGE, "downlink.amqp.receivers", "Receivers that consumers have opened on queues"),
    AMQP_LOGINS(Kind.COUNTER, "downlink.amqp.logins", "Logins of consumers by what came of them", "result"),
    AMQP_DELIVERIES(
            Kind.COUNTER,
            "downlink.amqp.deliveries",
            "Events that were sent to consumers: accepted, returned (to be sent again), refused",
            "outcome"),

    HTTP_REQUESTS(
            Kind.TIMER,
            "downlink.http.requests",
            "Requests to the REST API; route is none for those that fit no route",
            "route",
            "method",
            "status"),
    HTTP_IN_HAND(Kind.GAUGE, "downlink.http.in.hand", "Requests to the REST API that are not yet answered"),

    BUS_REQUESTS(
            Kind.COUNTER,
            "downlink.bus.requests",
            "Requests from room to room: ok, refused (a failure of the table of errors), failed (a bug), busy,"
                    + " no_answer, nobody",
            "request",
            "outcome"),
    ROOM_IN_HAND(Kind.GAUGE, "downlink.room.in.hand", "Requests that a room has not yet answered", "room"),

    DATABASE_STATEMENTS(
            Kind.TIMER,
            "downlink.database.statements",
            "Statements and transactions, with the wait for a connection: ok, failed, unavailable",
            "outcome"),
    DATABASE_IN_HAND(Kind.GAUGE, "downlink.database.in.hand", "Statements and transactions that wait or run"),
    DATABASE_CONNECTIONS(Kind.GAUGE, "downlink.database.connections", "Connections of the pool"),
    BATCH_ROWS(Kind.SUMMARY, "downlink.batch.rows", "Rows of one batched statement", "statement"),
    BATCH_WAITING(Kind.GAUGE, "downlink.batch.waiting", "Rows that wait for the next batch", "statement"),

    TRANSPORT(
            Kind.GAUGE,
            "downlink.transport",
            "1 for the way to the kernel that sockets take: epoll, io_uring, nio",
            "transport"),
    EVENT_LOOP_LAG(
            Kind.TIMER, "downlink.event.loop.lag", "How late a timer fires that every event loop has for this purpose");

    /** What a meter measures. */
    public enum Kind {
        /** A number that only grows. */
        COUNTER,
        /** How much there is now. */
        GAUGE,
        /** A histogram of durations. */
        TIMER,
        /** Count, sum and maximum of sizes. */
        SUMMARY
    }

    private final Kind kind;
    private final String text;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> labels;

    MeterName(Kind kind, String text, String description, String... labels) {
        this.kind = kind;
        this.text = text;
        this.description = description;
        this.labels = List.of(labels);
    }

    public Kind kind() {
        return kind;
    }

    /** With dots, as Micrometer writes it. */
    public String text() {
        return text;
    }

    public String description() {
        return description;
    }

    public List<String> labels() {
        return labels;
    }
}
