// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.Secret;
import dev.downlink.support.TestDatabase;
import java.sql.SQLException;

/** What is in a database, seen from outside the program. */
final class Rows {
    private Rows() {}

    static int count(Secret uri, String table) {
        return Integer.parseInt(one(uri, "SELECT count(*) FROM " + table));
    }

    /** The first column of the first row. */
    static String one(Secret uri, String sql) {
        try (var connection = TestDatabase.connect(uri);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
