// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Resource;

/**
 * The part of a statement that writes into the outbox that devices went on line or off line, if a rule asks for it (northbound
 * §6.3). As long as there is no such rule at all it reads nothing but the rules. It is written while the rows of the sessions
 * are locked, so a device's events have ids in the order of its changes.
 */
final class PresenceEvents {
    private static final String RESOURCE = Resource.DEVICE_STATUS.text();

    private static final String RULE = "SELECT FROM rule r WHERE r.active AND r.resource = '" + RESOURCE + "'";

    /** Whether anybody asks; read once a statement. */
    static final String ASKED = "(SELECT EXISTS (" + RULE + "))";

    private PresenceEvents() {}

    /** @param changes a query for device_id, status, last_online and changed */
    static String insert(String changes) {
        return """
            INSERT INTO outbox (project_id, device_id, resource, happened, body)
            SELECT d.project_id, d.device_id, '%s', statement_timestamp(), jsonb_build_object(
                'status', c.status, 'last_online_time', %s, 'status_update_time', %s)
            FROM (%s) c
            JOIN device d ON d.device_id = c.device_id
            WHERE %s
                AND EXISTS (%s AND r.project_id = d.project_id AND (r.space_id IS NULL OR r.space_id = d.space_id))\
            """.formatted(RESOURCE, millis("c.last_online"), millis("c.changed"), changes, ASKED, RULE);
    }

    /** As {@link dev.downlink.model.Timestamps#millis} writes it. */
    private static String millis(String time) {
        return "to_char(" + time + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
    }
}
