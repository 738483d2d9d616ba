// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Resource;
import dev.downlink.model.Topics;

/**
 * The part of a statement that writes what became of messages into the outbox, if a rule asks for it. As long as there is no
 * such rule at all it reads nothing but the rules.
 */
final class StatusEvents {
    private static final String RESOURCE = Resource.MESSAGE_STATUS.text();

    private static final String RULE = "SELECT FROM rule r WHERE r.active AND r.resource = '" + RESOURCE + "'";

    private StatusEvents() {}

    /**
     * @param changes a query for connection_id, child_id, message_id, name, topic and topic_full_name of messages, and their new
     *     status and error
     */
    static String insert(String changes) {
        return """
            INSERT INTO outbox (project_id, device_id, resource, happened, body)
            SELECT d.project_id, d.device_id, '%s', statement_timestamp(), jsonb_build_object(
                'message_id', c.message_id, 'name', c.name, 'topic', %s, 'status', c.status, 'error', c.error)
            FROM (%s) c
            JOIN device d ON d.device_id = CASE WHEN c.child_id = '' THEN c.connection_id ELSE c.child_id END
            WHERE (SELECT EXISTS (%s))
                AND EXISTS (%s AND r.project_id = d.project_id AND (r.space_id IS NULL OR r.space_id = d.space_id))\
            """.formatted(RESOURCE, topic(), changes, RULE, RULE);
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
