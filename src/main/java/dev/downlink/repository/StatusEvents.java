// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Subject;
import dev.downlink.model.Topics;

/** What became of messages, for the outbox. */
final class StatusEvents {
    private StatusEvents() {}

    /**
     * @param changes a query for connection_id, child_id, message_id, name, topic and topic_full_name of messages, and their new
     *     status and error
     */
    static String insert(String changes) {
        return OutboxInsert.of(
                Subject.MESSAGE_STATUS,
                "CASE WHEN c.child_id = '' THEN c.connection_id ELSE c.child_id END",
                "jsonb_build_object('message_id', c.message_id, 'name', c.name, 'topic', " + topic()
                        + ", 'status', c.status, 'error', c.error)",
                changes);
    }

    /** What {@link dev.downlink.model.Message#topicOn} says, in SQL. */
    private static String topic() {
        String id = "DEVICE";
        DeviceId device = new DeviceId(id);
        return "coalesce(c.topic_full_name, %s || c.topic, %s)"
                .formatted(literal(Topics.custom(device, ""), id), literal(Topics.messagesDown(device), id));
    }

    private static String literal(String topic, String id) {
        return "'" + topic.replace(id, "' || c.connection_id || '") + "'";
    }
}
