// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows;

/**
 * The part of a statement that writes into the outbox what it changed: a row for each action of each rule that asks for it
 * (northbound §6.3). As long as there is no such rule at all it reads nothing but the rules.
 */
final class OutboxInsert {
    /** Columns of the outbox that every insert fills, in this order. */
    static final String COLUMNS = "outlet, lane, action, project_id, device_id, subject, happened, body";

    /** A table expression with the numbers of all lanes. */
    static final String LANES = "generate_series(0, " + (PushRows.LANES - 1) + ")";

    private OutboxInsert() {}

    /** Whether anybody asks for a subject; read once a statement. */
    static String asked(Subject subject) {
        return "(SELECT EXISTS (SELECT FROM rule r WHERE r.active AND r.subject = '" + subject.text() + "'))";
    }

    /**
     * @param device an expression for the device of change {@code c}
     * @param body an expression for what is told of it
     * @param changes a query for the changes
     */
    static String of(Subject subject, String device, String body, String changes) {
        return """
            INSERT INTO outbox (%s)
            SELECT a.outlet, %s, a.action, d.project_id, d.device_id, '%s', statement_timestamp(), %s
            FROM (%s) c
            CROSS JOIN LATERAL (
                SELECT d.device_id, d.project_id, d.space_id FROM device d WHERE d.device_id = %s OFFSET 0) d
            CROSS JOIN LATERAL (%s) a
            WHERE %s\
            """.formatted(
                COLUMNS, lane("d.device_id"), subject.text(), body, changes, device, actions(subject), asked(subject));
    }

    /**
     * A query for the actions that ask for what happened to {@code d}, by its project and space. Like all that is looked up for a
     * change it has an OFFSET, which keeps the planner from doing it the other way round: that takes a plan that is made while
     * there are no rules yet for one of no cost, and later goes through all devices.
     */
    static String actions(Subject subject) {
        return """
            SELECT a.outlet, a.action FROM rule r JOIN rule_action a ON a.rule_id = r.rule_id
            WHERE r.active AND r.subject = '%s' AND r.project_id = d.project_id
                AND (r.space_id IS NULL OR r.space_id = d.space_id)
            OFFSET 0\
            """.formatted(subject.text());
    }

    /** @param device an expression for whose events have to stay in order */
    static String lane(String device) {
        return "hashtext(" + device + ") & " + (PushRows.LANES - 1);
    }
}
