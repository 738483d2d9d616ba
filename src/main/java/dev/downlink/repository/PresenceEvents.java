// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Subject;

/**
 * That devices went on line or off line, for the outbox. It is written while the rows of the sessions are locked, so a device's
 * events have ids in the order of its changes.
 */
final class PresenceEvents {
    /** Whether anybody asks; read once a statement. */
    static final String ASKED = OutboxInsert.asked(Subject.DEVICE_STATUS);

    private PresenceEvents() {}

    /** @param changes a query for device_id, status, last_online and changed */
    static String insert(String changes) {
        return OutboxInsert.of(
                Subject.DEVICE_STATUS,
                "c.device_id",
                "jsonb_build_object('status', c.status, 'last_online_time', " + millis("c.last_online")
                        + ", 'status_update_time', " + millis("c.changed") + ")",
                changes);
    }

    /** As {@link dev.downlink.model.Timestamps#millis} writes it. */
    private static String millis(String time) {
        return "to_char(" + time + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
    }
}
