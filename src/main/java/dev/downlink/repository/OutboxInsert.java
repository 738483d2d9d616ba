// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Resource;

/**
 * The part of a statement that writes into the outbox what it changed, if a rule asks for it (northbound §6.3). As long as there
 * is no such rule at all it reads nothing but the rules.
 */
final class OutboxInsert {
    private OutboxInsert() {}

    /** Whether anybody asks for a resource; read once a statement. */
    static String asked(Resource resource) {
        return "(SELECT EXISTS (" + rule(resource) + "))";
    }

    /**
     * @param device an expression for the device of change {@code c}
     * @param body an expression for what is told of it
     * @param changes a query for the changes
     */
    static String of(Resource resource, String device, String body, String changes) {
        return """
            INSERT INTO outbox (project_id, device_id, resource, happened, body)
            SELECT d.project_id, d.device_id, '%s', statement_timestamp(), %s
            FROM (%s) c
            JOIN device d ON d.device_id = %s
            WHERE %s
                AND EXISTS (%s AND r.project_id = d.project_id AND (r.space_id IS NULL OR r.space_id = d.space_id))\
            """.formatted(resource.text(), body, changes, device, asked(resource), rule(resource));
    }

    private static String rule(Resource resource) {
        return "SELECT FROM rule r WHERE r.active AND r.resource = '" + resource.text() + "'";
    }
}
