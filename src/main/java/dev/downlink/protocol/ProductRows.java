// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RecordId;
import dev.downlink.model.SpaceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of products. */
public sealed interface ProductRows<R extends Record> extends RepositoryRequest<R> {

    /** Fails with {@link Failure.AlreadyExists} or, over the project's limit, {@link Failure.LimitReached}. */
    record InsertProduct(Product product, int maxPerProject) implements ProductRows<Done> {}

    /** All products of a project with this id, oldest first: at most one per space. */
    record SelectProducts(ProjectId project, ProductId id) implements ProductRows<Products> {}

    /** Fails with {@link Failure.Conflict} when the version in the table is not the product's. The new row has one more. */
    record UpdateProductRow(Product product) implements ProductRows<Done> {}

    /** Fails with {@link Failure.InUse} while there are devices. */
    record DeleteProductRow(RecordId recordId, ProductId id) implements ProductRows<Done> {}

    record ListProducts(
            ProjectId project,
            @Nullable SpaceId space,
            @Nullable String name,
            Page page) implements ProductRows<ProductPage> {}

    record Products(List<ProductRequest.ProductView> products) {}

    /** @param count all matches, not only those of this page */
    record ProductPage(List<ProductRequest.ProductView> products, long count) {}
}
