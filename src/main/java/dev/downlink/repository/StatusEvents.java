// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.MessageError;
import dev.downlink.model.Subject;
import dev.downlink.model.Topics;
import dev.downlink.protocol.Problem;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of messages, for the outbox: the final body of what is pushed (northbound §6.3), so that nobody has to read it. */
final class StatusEvents {
    /** Worked out once a statement, and only if there is somebody who asks. */
    private static final String NOW =
            "(SELECT to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISS\"Z\"'))";

    private StatusEvents() {}

    /**
     * @param changes a query for connection_id, child_id, message_id, name, topic and topic_full_name of messages, and their new
     *     status and error
     */
    static String insert(String changes) {
        return OutboxInsert.of(
                Subject.MESSAGE_STATUS,
                "CASE WHEN c.child_id = '' THEN c.connection_id ELSE c.child_id END",
                body(),
                changes);
    }

    /** Most have a name and no error, and nothing to leave out. */
    private static String body() {
        String members = "'message_id', c.message_id, 'name', c.name, 'topic', " + topic()
                + ", 'status', c.status, 'timestamp', " + NOW;
        return """
            CASE WHEN c.error IS NULL AND c.name IS NOT NULL THEN jsonb_build_object(%s)
            ELSE jsonb_strip_nulls(jsonb_build_object(%s, 'error_info', CASE c.error %s END)) END\
            """.formatted(members, members, errors());
    }

    /** The error table for messages, in SQL. */
    private static String errors() {
        String place = "TOPIC";
        return Stream.of(MessageError.values())
                .map(error -> {
                    Problem problem = Problem.of(error, new DeviceId("DEVICE"), place);
                    return "WHEN '%s' THEN jsonb_build_object('error_code', '%s', 'error_msg', %s)"
                            .formatted(error, problem.code(), literal(problem.text(), place, topic()));
                })
                .collect(Collectors.joining(" "));
    }

    /** What {@link dev.downlink.model.Message#topicOn} says, in SQL. */
    private static String topic() {
        String id = "DEVICE";
        DeviceId device = new DeviceId(id);
        return "coalesce(c.topic_full_name, %s || c.topic, %s)"
                .formatted(
                        literal(Topics.custom(device, ""), id, "c.connection_id"),
                        literal(Topics.messagesDown(device), id, "c.connection_id"));
    }

    /** @param value an expression for what takes the place of {@code place} */
    private static String literal(String text, String place, String value) {
        return "'" + text.replace("'", "''").replace(place, "' || " + value + " || '") + "'";
    }
}
