// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.auth.Vault;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Product;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.DeviceRows.DeviceWithProduct;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads devices, each with the product that its record names. */
final class DeviceReads {
    private final Database database;
    private final DeviceColumns columns;
    private final Batcher<DeviceId, DeviceWithProduct> selects;

    DeviceReads(Database database, Vault vault, Batching batching) {
        this.database = database;
        columns = new DeviceColumns(vault);
        selects = batching.of("select_device", id -> id, this::select);
    }

    Future<DeviceWithProduct> select(DeviceId id) {
        return selects.submit(id);
    }

    /** Products are read once per batch: models are large, and many devices have the same. */
    private Future<Function<DeviceId, DeviceWithProduct>> select(List<DeviceId> ids) {
        return database.run(DeviceColumns.SELECT + " WHERE d.device_id = ANY($1::text[])", (Object)
                        ids.stream().map(DeviceId::value).toArray(String[]::new))
                .compose(devices -> products(devices).map(products -> withProducts(devices, products)));
    }

    private Future<Map<String, Product>> products(RowSet<Row> devices) {
        String[] ids = Rows.all(devices, row -> Rows.text(row, "product")).stream()
                .distinct()
                .toArray(String[]::new);
        if (ids.length == 0) {
            return Future.succeededFuture(Map.of());
        }
        return database.run(
                        "SELECT " + ProductTable.COLUMNS + " FROM product p WHERE p.record_id = ANY($1::text[])",
                        (Object) ids)
                .map(rows -> {
                    Map<String, Product> products = new HashMap<>();
                    rows.forEach(row -> products.put(Rows.text(row, "record_id"), ProductTable.product(row)));
                    return products;
                });
    }

    private Function<DeviceId, DeviceWithProduct> withProducts(RowSet<Row> devices, Map<String, Product> products) {
        Map<String, Row> found = new HashMap<>();
        devices.forEach(row -> found.put(Rows.text(row, "device_id"), row));
        return id -> {
            Row row = found.get(id.value());
            Product product = row == null ? null : products.get(Rows.text(row, "product"));
            if (row == null || product == null) {
                throw new Failed(new Failure.DeviceNotFound(id));
            }
            return new DeviceWithProduct(columns.device(row), product);
        };
    }

    Future<DeviceRequest.DeviceView> view(DeviceId id) {
        return database.run(DeviceColumns.VIEW + " WHERE d.device_id = $1", id.value())
                .map(rows -> Rows.one(rows, columns::view, new Failure.DeviceNotFound(id)));
    }

    Future<DeviceRows.DevicePage> list(DeviceRows.ListDevices q) {
        Where where = DeviceColumns.where(q.project(), q.filter());
        Where page = where.page("d.record_id", q.page());
        var count = database.run("SELECT count(*) FROM device d" + where.sql(), where.parameters());
        var rows = database.run(DeviceColumns.VIEW + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ -> new DeviceRows.DevicePage(
                        Rows.all(rows.result(), columns::view),
                        count.result().iterator().next().getLong(0)));
    }

    Future<DeviceRows.Count> countChildren(DeviceId gateway) {
        return database.run("SELECT count(*) FROM device WHERE parent = $1", gateway.value())
                .map(rows -> new DeviceRows.Count(rows.iterator().next().getLong(0)));
    }
}
