// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.Subject;

/**
 * That products were made, changed or deleted, for the outbox: as the API shows them (northbound §6.3). Written by the
 * statement that changes them.
 */
final class ProductEvents {
    private static final String HEADER = "jsonb_build_object('app_id', d.space_id, 'product_id', d.product_id)";

    private static final String LEFT =
            "jsonb_build_object('app_id', d.space_id, 'product_id', d.product_id, 'name', d.name)";

    private ProductEvents() {}

    /**
     * @param change a statement that returns all columns of the product that it inserts, updates or deletes
     * @param model an expression for the text of its services as the API shows them; of no interest when it is deleted
     * @return the same, which returns their record_id
     */
    static String with(Subject subject, String change, String model) {
        return """
            WITH changed AS (
                %s
            ), event AS (
                INSERT INTO outbox (%s, header)
                SELECT a.outlet, %s, a.action, d.project_id, NULL, '%s', statement_timestamp(), %s, %s
                FROM changed d
                JOIN space s ON s.project_id = d.project_id AND s.space_id = d.space_id
                CROSS JOIN LATERAL (%s) a
                WHERE %s
            )
            SELECT record_id FROM changed\
            """.formatted(
                        change,
                        OutboxInsert.COLUMNS,
                        OutboxInsert.lane("d.product_id"),
                        subject.text(),
                        subject == Subject.PRODUCT_DELETED ? LEFT : body(model),
                        HEADER,
                        OutboxInsert.actions(subject),
                        OutboxInsert.asked(subject));
    }

    private static String body(String model) {
        return """
            jsonb_strip_nulls(jsonb_build_object('app_id', d.space_id, 'app_name', s.name, 'product_id', d.product_id,
                'name', d.name, 'device_type', d.device_type, 'protocol_type', d.protocol_type,
                'data_format', d.data_format, 'manufacturer_name', d.manufacturer_name, 'industry', d.industry,
                'description', d.description,
                'create_time', to_char(d.created AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')))
                || jsonb_build_object('service_capabilities', %s::text::jsonb)\
            """.formatted(model);
    }
}
