// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import dev.downlink.model.Secret;
import org.jspecify.annotations.Nullable;

/** Rules put into a database by hand, each with an action whose events stay in the outbox. */
public final class TestRules {
    private TestRules() {}

    /**
     * @param space null: all spaces
     * @param subject resource and event, with a colon between them
     */
    public static void add(Secret uri, String project, @Nullable String space, String subject, boolean active) {
        TestDatabase.execute(uri, """
            WITH o AS (
                INSERT INTO outlet (project_id) SELECT project_id FROM project WHERE project_id = '%1$s' RETURNING outlet
            ), r AS (
                INSERT INTO rule (rule_id, record_id, project_id, space_id, subject, active, created)
                SELECT 'r' || outlet, lpad(to_hex(outlet), 24, '0'), '%1$s', %2$s, '%3$s', %4$s, now() FROM o
                RETURNING rule_id, record_id
            )
            INSERT INTO rule_action (action_id, record_id, rule_id, project_id, outlet, channel, detail, created)
            SELECT 'a' || outlet, record_id, rule_id, '%1$s', outlet, 'AMQP_FORWARDING', '{"queue":"nowhere"}', now()
            FROM o, r\
            """.formatted(project, space == null ? "NULL" : "'" + space + "'", subject, active));
    }
}
