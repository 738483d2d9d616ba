// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.SearchRows;
import io.vertx.core.Future;

/** Devices by any conditions. */
final class SearchTable {
    private final Database database;
    private final DeviceColumns columns;

    SearchTable(Database database, Vault vault) {
        this.database = database;
        columns = new DeviceColumns(vault);
    }

    Future<SearchRows.Found> find(SearchRows.FindDevices q) {
        SearchSql sql = new SearchSql(q.project(), q.wanted());
        Page page = q.page();
        String where =
                sql.where() + " AND d.record_id < " + sql.bind(page.marker().value()) + "::text";
        String order = q.oldestFirst() ? " ORDER BY d.record_id" : " ORDER BY d.record_id DESC";
        String part = " LIMIT " + sql.bind(page.limit()) + "::int OFFSET " + sql.bind(page.offset()) + "::int";
        return database.run(DeviceColumns.VIEW_WITH_GROUPS + where + order + part, sql.parameters())
                .map(rows -> new SearchRows.Found(Rows.all(rows, columns::found)));
    }

    Future<DeviceRows.Count> count(SearchRows.CountDevices q) {
        SearchSql sql = new SearchSql(q.project(), q.wanted());
        return database.run("SELECT count(*) FROM device d" + sql.where(), sql.parameters())
                .map(rows -> new DeviceRows.Count(rows.iterator().next().getLong(0)));
    }
}
