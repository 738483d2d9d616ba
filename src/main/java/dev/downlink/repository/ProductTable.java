// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.MessageCache;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRequest.ProductView;
import dev.downlink.protocol.ProductRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** Products with their models. */
final class ProductTable {
    static final String COLUMNS = """
        p.record_id, p.project_id, p.space_id, p.product_id, p.name, p.device_type, p.protocol_type, p.data_format,
        p.manufacturer_name, p.industry, p.description, p.services::text, p.topics::text, p.max_messages,
        p.messages_overflow, p.created, p.version\
        """;

    private static final String VIEW = "SELECT " + COLUMNS + ", s.name AS space_name FROM product p"
            + " JOIN space s ON s.project_id = p.project_id AND s.space_id = p.space_id";

    /** A list shows no models, and they are large. */
    private static final String SUMMARY =
            VIEW.replace("p.services::text, p.topics::text", "'[]' AS services, '[]' AS topics");

    private static final String INSERT = ProductEvents.with(Subject.PRODUCT_CREATED, """
        INSERT INTO product (record_id, project_id, space_id, product_id, name, device_type, protocol_type,
            data_format, manufacturer_name, industry, description, services, topics, created, version)
        SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text,
            $10::text, $11::text, $12::text::jsonb, $13::text::jsonb, $14::timestamptz, $15::int
        WHERE (SELECT count(*) FROM product WHERE project_id = $2::text) < $16::int
        RETURNING *\
        """, "$17");

    private static final String UPDATE = ProductEvents.with(Subject.PRODUCT_UPDATED, """
        UPDATE product SET name = $3, device_type = $4, protocol_type = $5, data_format = $6,
            manufacturer_name = $7, industry = $8, description = $9, services = $10::text::jsonb,
            topics = $11::text::jsonb, max_messages = $12, messages_overflow = $13, version = version + 1
        WHERE record_id = $1 AND version = $2
        RETURNING *\
        """, "$14");

    private static final String DELETE =
            ProductEvents.with(Subject.PRODUCT_DELETED, "DELETE FROM product WHERE record_id = $1 RETURNING *", "NULL");

    private final Database database;

    ProductTable(Database database) {
        this.database = database;
    }

    /** The project's row is locked, so that products inserted at once are counted one after the other. */
    Future<Done> insert(Product product, int maxPerProject) {
        Future<Done> work = database.transaction(c -> ProjectTable.lock(c, product.project())
                .compose(_ -> Database.run(
                        c,
                        INSERT,
                        product.recordId().value(),
                        product.project().value(),
                        product.space().value(),
                        product.id().value(),
                        product.name(),
                        product.deviceType(),
                        product.protocolType(),
                        product.dataFormat(),
                        product.manufacturerName(),
                        product.industry(),
                        product.description(),
                        Documents.write(product.services()),
                        Documents.write(product.topics()),
                        Rows.time(product.created()),
                        product.version(),
                        maxPerProject,
                        ModelBody.of(product.services())))
                .compose(rows -> Rows.changed(rows, new Failure.LimitReached("products", maxPerProject))));
        Failure twice = new Failure.AlreadyExists("product", product.id().value());
        return Violation.FOREIGN_KEY.means(
                new Failure.SpaceNotFound(product.space()), Violation.UNIQUE.means(twice, work));
    }

    Future<ProductRows.Products> select(ProjectId project, ProductId id) {
        return database.run(
                        VIEW + " WHERE p.project_id = $1 AND p.product_id = $2 ORDER BY p.record_id",
                        project.value(),
                        id.value())
                .map(rows -> new ProductRows.Products(Rows.all(rows, ProductTable::view)));
    }

    Future<Done> update(Product product) {
        MessageCache cache = product.messageCache();
        return database.run(
                        UPDATE,
                        product.recordId().value(),
                        product.version(),
                        product.name(),
                        product.deviceType(),
                        product.protocolType(),
                        product.dataFormat(),
                        product.manufacturerName(),
                        product.industry(),
                        product.description(),
                        Documents.write(product.services()),
                        Documents.write(product.topics()),
                        cache == null ? null : cache.max(),
                        cache == null ? null : cache.overflow().name(),
                        ModelBody.of(product.services()))
                .compose(rows -> rows.rowCount() > 0 ? Future.succeededFuture(Done.DONE) : stale(product));
    }

    private Future<Done> stale(Product product) {
        return database.run(
                        "SELECT 1 FROM product WHERE record_id = $1",
                        product.recordId().value())
                .compose(rows -> Future.failedFuture(new Failed(
                        rows.size() == 0
                                ? new Failure.ProductNotFound(product.id())
                                : new Failure.Conflict("product", product.id().value()))));
    }

    Future<Done> delete(RecordId recordId, ProductId id) {
        Failure inUse = new Failure.InUse("product", id.value(), "devices");
        return Violation.FOREIGN_KEY.means(
                inUse,
                database.run(DELETE, recordId.value())
                        .compose(rows -> Rows.changed(rows, new Failure.ProductNotFound(id))));
    }

    Future<ProductRows.ProductPage> list(ProductRows.ListProducts q) {
        SpaceId space = q.space();
        Where where = new Where()
                .and("p.project_id = ?", q.project().value())
                .and("p.space_id = ?", space == null ? null : space.value())
                .and("p.name = ?", q.name());
        Where page = where.page("p.record_id", q.page());
        var count = database.run("SELECT count(*) FROM product p" + where.sql(), where.parameters());
        var rows = database.run(SUMMARY + page.sql(), page.parameters());
        return Future.all(count, rows)
                .map(_ -> new ProductRows.ProductPage(
                        Rows.all(rows.result(), ProductTable::view),
                        count.result().iterator().next().getLong(0)));
    }

    private static ProductView view(Row row) {
        return new ProductView(product(row), Rows.text(row, "space_name"));
    }

    private static @Nullable MessageCache cache(Row row) {
        Integer max = row.getInteger("max_messages");
        return max == null
                ? null
                : new MessageCache(max, MessageCache.Overflow.valueOf(Rows.text(row, "messages_overflow")));
    }

    static Product product(Row row) {
        return new Product(
                new RecordId(Rows.text(row, "record_id")),
                new ProjectId(Rows.text(row, "project_id")),
                new SpaceId(Rows.text(row, "space_id")),
                new ProductId(Rows.text(row, "product_id")),
                Rows.text(row, "name"),
                Rows.text(row, "device_type"),
                Rows.text(row, "protocol_type"),
                Rows.text(row, "data_format"),
                Rows.optional(row, "manufacturer_name"),
                Rows.optional(row, "industry"),
                Rows.optional(row, "description"),
                Documents.services(Rows.text(row, "services")),
                Documents.topics(Rows.text(row, "topics")),
                cache(row),
                Rows.time(row, "created"),
                row.getInteger("version"));
    }
}
