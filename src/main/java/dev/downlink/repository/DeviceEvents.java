// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Subject;

/**
 * That devices were registered, changed or deleted, for the outbox: as the API shows them, without secrets (northbound §6.3).
 * Written by the statement that changes them.
 */
final class DeviceEvents {
    private static final String TAGS = """
        coalesce((
            SELECT jsonb_agg(jsonb_build_object('tag_key', t.tag_key, 'tag_value', t.tag_value) ORDER BY t.tag_key)
            FROM device_tag t WHERE t.device_id = d.device_id), '[]')\
        """;

    private static final String GATEWAY = "coalesce(d.parent, d.device_id)";

    /** Nobody can join the header of a device that is gone. */
    private static final String HEADER = """
        jsonb_build_object('app_id', d.space_id, 'device_id', d.device_id, 'node_id', d.node_id,
            'product_id', p.product_id, 'gateway_id', %s, 'tags', %s)\
        """.formatted(GATEWAY, TAGS);

    /** Applications may have stored what the database takes as text only; that is left out. */
    private static final String EXTENSION = """
        CASE WHEN d.extension_info !~ '%s'
        THEN jsonb_build_object('extension_info', d.extension_info::jsonb) ELSE '{}' END\
        """.formatted(Documents.UNFIT);

    private static final String BODY = """
        jsonb_strip_nulls(jsonb_build_object('app_id', d.space_id, 'app_name', s.name, 'device_id', d.device_id,
            'node_id', d.node_id, 'gateway_id', %s, 'device_name', d.name,
            'node_type', CASE WHEN d.parent IS NULL THEN 'GATEWAY' ELSE 'ENDPOINT' END, 'description', d.description,
            'fw_version', v.fw_version, 'sw_version', v.sw_version, 'device_sdk_version', v.sdk_version,
            'auth_info', jsonb_build_object('auth_type', d.auth_type, 'secure_access', d.secure_access,
                'timeout', d.timeout_seconds),
            'product_id', p.product_id, 'product_name', p.name, 'status', %s,
            'create_time', to_char(d.created AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'), 'tags', %s)) || %s\
        """.formatted(GATEWAY, DeviceColumns.STATUS, TAGS, EXTENSION);

    private DeviceEvents() {}

    /**
     * @param change a statement that returns all columns of the devices that it inserts, updates or deletes
     * @return the same, which returns their device_id and parent
     */
    static String with(Subject subject, String change) {
        boolean deleted = subject == Subject.DEVICE_DELETED;
        return """
            WITH changed AS (
                %s
            ), event AS (
                INSERT INTO outbox (%s, header)
                SELECT a.outlet, %s, a.action, d.project_id, d.device_id, '%s', statement_timestamp(), %s, %s
                FROM changed d
                JOIN product p ON p.record_id = d.product
                JOIN space s ON s.project_id = d.project_id AND s.space_id = d.space_id
                LEFT JOIN device_report v ON v.device_id = d.device_id
                CROSS JOIN LATERAL (%s) a
                WHERE %s
            )
            SELECT device_id, parent FROM changed\
            """.formatted(
                        change,
                        OutboxInsert.COLUMNS,
                        OutboxInsert.lane("d.device_id"),
                        subject.text(),
                        deleted ? "'{}'" : BODY,
                        deleted ? HEADER : "NULL",
                        OutboxInsert.actions(subject),
                        OutboxInsert.asked(subject));
    }
}
