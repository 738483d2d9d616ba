// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.protocol.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a list: those whose value is there. */
final class Where {
    private final StringBuilder conditions = new StringBuilder("true");
    private final List<Object> parameters = new ArrayList<>();

    /** @param condition SQL with {@code ?} for the value; left out when there is none */
    Where and(String condition, @Nullable Object value) {
        if (value != null) {
            parameters.add(value);
            conditions.append(" AND ").append(condition.replace("?", "$" + parameters.size()));
        }
        return this;
    }

    String sql() {
        return " WHERE " + conditions;
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    /** The same conditions for one page, newest first. */
    Where page(String recordId, Page page) {
        Where limited = new Where();
        limited.parameters.addAll(parameters);
        limited.conditions.setLength(0);
        limited.conditions.append(conditions);
        var _ = limited.and(recordId + " < ?", page.marker().value());
        limited.conditions.append(" ORDER BY ").append(recordId).append(" DESC");
        limited.parameters.add(page.limit());
        limited.conditions.append(" LIMIT $").append(limited.parameters.size()).append("::int");
        limited.parameters.add(page.offset());
        limited.conditions.append(" OFFSET $").append(limited.parameters.size()).append("::int");
        return limited;
    }
}
