// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.DeviceFilter;
import dev.downlink.model.DeviceFilter.Alternative;
import dev.downlink.model.DeviceFilter.Condition;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SearchField;
import dev.downlink.protocol.SearchRows.DynamicGroup;
import dev.downlink.protocol.SearchRows.Wanted;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A search as the conditions of a query on device {@code d}. All its texts are of this class: what a caller wrote becomes a
 * parameter and nothing else. The project is the first one.
 */
final class SearchSql {
    /** Greater than all that may follow a beginning, in the order of bytes. */
    private static final String HIGHEST = Character.toString(Character.MAX_CODE_POINT);

    private final List<Object> parameters = new ArrayList<>();
    private final List<DynamicGroup> groups;
    private final String where;

    SearchSql(ProjectId project, Wanted wanted) {
        groups = wanted.groups();
        StringBuilder sql = new StringBuilder(" WHERE d.project_id = ").append(bind(project.value()));
        if (wanted.space() != null) {
            sql.append(" AND d.space_id = ").append(bind(wanted.space().value()));
        }
        if (wanted.device() != null) {
            sql.append(" AND d.device_id = ").append(bind(wanted.device().value()));
        }
        where = sql + (wanted.filter().anyOf().isEmpty() ? "" : " AND " + anyOf(wanted.filter()));
    }

    String where() {
        return where;
    }

    /** One more parameter; gives its place. */
    String bind(Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    private String anyOf(DeviceFilter filter) {
        return filter.anyOf().stream().map(this::allOf).collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** The first condition on a tag's key and the first on a tag's value speak of one tag, and so on. */
    private String allOf(Alternative alternative) {
        List<String> all = new ArrayList<>();
        List<Condition> keys = new ArrayList<>();
        List<Condition> values = new ArrayList<>();
        for (Condition condition : alternative.conditions()) {
            if (condition.field() == SearchField.TAG_KEY && !isNegative(condition)) {
                keys.add(condition);
            } else if (condition.field() == SearchField.TAG_VALUE && !isNegative(condition)) {
                values.add(condition);
            } else {
                all.add(isNegative(condition) ? "(" + fits(condition) + ") IS NOT TRUE" : fits(condition));
            }
        }
        for (int i = 0; i < Math.max(keys.size(), values.size()); i++) {
            all.add(tagged(i < keys.size() ? keys.get(i) : null, i < values.size() ? values.get(i) : null));
        }
        return String.join(" AND ", all);
    }

    private static boolean isNegative(Condition condition) {
        return switch (condition.operator()) {
            case NOT_EQUAL, NOT_IN -> true;
            case EQUAL, GREATER, LESS, NOT_LESS, NOT_GREATER, LIKE, IN -> false;
        };
    }

    /** A condition without its "not". */
    private String fits(Condition condition) {
        return switch (condition.field()) {
            case APP_ID -> text("d.space_id", condition);
            case DEVICE_ID -> text("d.device_id", condition);
            case GATEWAY_ID -> below(condition);
            case PRODUCT_ID ->
                "d.product IN (SELECT q.record_id FROM product q WHERE q.project_id = $1 AND "
                        + text("q.product_id", condition) + ")";
            case DEVICE_NAME -> text("d.name", condition);
            case NODE_ID -> text("d.node_id", condition);
            case STATUS -> text("(" + DeviceColumns.STATUS + ")", condition);
            case NODE_TYPE -> text("CASE WHEN d.parent IS NULL THEN 'GATEWAY' ELSE 'ENDPOINT' END", condition);
            case TAG_KEY -> tagged(condition, null);
            case TAG_VALUE -> tagged(null, condition);
            case SW_VERSION -> text(reported("sw_version"), condition);
            case FW_VERSION -> text(reported("fw_version"), condition);
            case GROUP_ID -> grouped(condition);
            case CREATE_TIME -> time(condition);
            case MARKER -> marker(condition);
        };
    }

    private static String reported(String column) {
        return "(SELECT c." + column + " FROM device_report c WHERE c.device_id = d.device_id)";
    }

    private String text(String expression, Condition condition) {
        return switch (condition.operator()) {
            case EQUAL, NOT_EQUAL, IN, NOT_IN ->
                expression + " = ANY(" + bind(condition.values().toArray(String[]::new)) + "::text[])";
            case LIKE -> beginning(expression, condition.value());
            case GREATER, LESS, NOT_LESS, NOT_GREATER ->
                expression + sign(condition) + bind(condition.value()) + "::text";
        };
    }

    /** By index where the column is compared byte by byte. */
    private String beginning(String expression, String prefix) {
        return expression.equals("d.name")
                ? "starts_with(d.name, " + bind(prefix) + "::text)"
                : expression + " >= " + bind(prefix) + "::text AND " + expression + " < " + bind(prefix + HIGHEST)
                        + "::text";
    }

    private static String sign(Condition condition) {
        return switch (condition.operator()) {
            case GREATER -> " > ";
            case LESS -> " < ";
            case NOT_LESS -> " >= ";
            case NOT_GREATER -> " <= ";
            case EQUAL, NOT_EQUAL, LIKE, IN, NOT_IN -> throw new IllegalArgumentException(condition.toString());
        };
    }

    /** A device that connects by itself is its own gateway. */
    private String below(Condition condition) {
        return "d.device_id IN (SELECT q.device_id FROM device q WHERE " + text("q.parent", condition)
                + " UNION ALL SELECT q.device_id FROM device q WHERE q.parent IS NULL AND "
                + text("q.device_id", condition) + ")";
    }

    private String tagged(@Nullable Condition key, @Nullable Condition value) {
        return "d.device_id IN (SELECT t.device_id FROM device_tag t WHERE t.project_id = $1"
                + (key == null ? "" : " AND " + text("t.tag_key", key))
                + (value == null ? "" : " AND " + text("t.tag_value", value)) + ")";
    }

    private String grouped(Condition condition) {
        List<String> any = new ArrayList<>();
        any.add("d.device_id IN (SELECT m.device_id FROM device_group_member m WHERE " + text("m.group_id", condition)
                + ")");
        for (DynamicGroup group : groups) {
            if (condition.values().contains(group.id().value())) {
                any.add("(d.space_id = " + bind(group.space().value()) + " AND " + anyOf(group.filter()) + ")");
            }
        }
        return "(" + String.join(" OR ", any) + ")";
    }

    /** Times are written in milliseconds and kept in microseconds. */
    private String time(Condition condition) {
        return switch (condition.operator()) {
            case EQUAL, NOT_EQUAL, IN, NOT_IN ->
                "date_trunc('milliseconds', d.created) = ANY("
                        + bind(condition.values().stream()
                                .map(value -> Rows.time(Instant.parse(value)))
                                .toArray(OffsetDateTime[]::new))
                        + "::timestamptz[])";
            case GREATER, NOT_GREATER, LESS, NOT_LESS, LIKE ->
                "date_trunc('milliseconds', d.created)" + sign(condition)
                        + bind(Rows.time(Instant.parse(condition.value()))) + "::timestamptz";
        };
    }

    private String marker(Condition condition) {
        List<String> values = condition.values().stream()
                .map(value -> value.toLowerCase(Locale.ROOT))
                .toList();
        return text("d.record_id", new Condition(condition.field(), condition.operator(), values));
    }
}
