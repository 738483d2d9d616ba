// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRequest;
import dev.downlink.protocol.ProductRequest.ProductView;
import dev.downlink.protocol.ProductRows;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Products (northbound §1.1) and their custom topics. */
final class Products {
    /** Northbound §10. */
    static final int MAX_PER_PROJECT = 1000;

    private final Bus bus;
    private final Spaces spaces;
    private final Changes changes;
    private final InstantSource clock;

    Products(Bus bus, Spaces spaces, Changes changes, InstantSource clock) {
        this.bus = bus;
        this.spaces = spaces;
        this.changes = changes;
        this.clock = clock;
    }

    Answer<?> answer(ProductRequest<?> request) {
        return switch (request) {
            case ProductRequest.CreateProduct q -> Answer.to(q, create(q));
            case ProductRequest.ShowProduct q -> Answer.to(q, find(q.project(), q.space(), q.id()));
            case ProductRequest.UpdateProduct q -> Answer.to(q, update(q));
            case ProductRequest.DeleteProduct q -> Answer.to(q, delete(q));
            case ProductRequest.PutTopic q -> Answer.to(q, putTopic(q));
            case ProductRequest.RemoveTopic q -> Answer.to(q, removeTopic(q));
            case ProductRequest.SetMessageCache q -> Answer.to(q, setMessageCache(q));
        };
    }

    /** Fails with {@link Failure.ProductNotFound}, or {@link Failure.SpaceNotFound} when the space is not there either. */
    Future<ProductView> find(ProjectId project, @Nullable SpaceId space, ProductId id) {
        return bus.ask(new ProductRows.SelectProducts(project, id))
                .compose(found -> space == null ? anyOf(found.products(), project, id) : in(space, found, project, id));
    }

    private Future<ProductView> anyOf(List<ProductView> found, ProjectId project, ProductId id) {
        return switch (found.size()) {
            case 0 -> Future.failedFuture(new Failed(new Failure.ProductNotFound(id)));
            case 1 -> Future.succeededFuture(found.getFirst());
            default -> spaces.find(project, null).map(byDefault -> preferred(found, byDefault.id()));
        };
    }

    private static ProductView preferred(List<ProductView> oldestFirst, SpaceId byDefault) {
        return from(byDefault, oldestFirst).orElseGet(oldestFirst::getFirst);
    }

    private Future<ProductView> in(SpaceId space, ProductRows.Products found, ProjectId project, ProductId id) {
        return from(space, found.products())
                .map(Future::succeededFuture)
                .orElseGet(() -> spaces.find(project, space).map(_ -> {
                    throw new Failed(new Failure.ProductNotFound(id));
                }));
    }

    private static Optional<ProductView> from(SpaceId space, List<ProductView> found) {
        return found.stream().filter(v -> v.product().space().equals(space)).findFirst();
    }

    private Future<ProductView> create(ProductRequest.CreateProduct q) {
        return spaces.find(q.project(), q.space()).compose(space -> {
            Product product = Drafts.create(q, space.id(), clock.instant());
            return bus.ask(new ProductRows.InsertProduct(product, MAX_PER_PROJECT))
                    .map(_ -> announced(new ProductView(product, space.name())));
        });
    }

    private Future<ProductView> update(ProductRequest.UpdateProduct q) {
        return change(q.project(), q.space(), q.id(), product -> Drafts.update(product, q.draft()));
    }

    private Future<Done> delete(ProductRequest.DeleteProduct q) {
        return find(q.project(), q.space(), q.id())
                .compose(view -> bus.ask(
                                new ProductRows.DeleteProductRow(view.product().recordId(), q.id()))
                        .onSuccess(_ -> changes.product(q.project(), q.id())));
    }

    private Future<ProductView> putTopic(ProductRequest.PutTopic q) {
        return change(q.project(), q.space(), q.id(), product -> Drafts.putTopic(product, q.topic()));
    }

    private Future<ProductView> removeTopic(ProductRequest.RemoveTopic q) {
        return change(q.project(), q.space(), q.id(), product -> Drafts.removeTopic(product, q.suffix()));
    }

    private Future<ProductView> setMessageCache(ProductRequest.SetMessageCache q) {
        return change(q.project(), q.space(), q.id(), product -> product.withMessageCache(q.cache()));
    }

    private Future<ProductView> change(
            ProjectId project, @Nullable SpaceId space, ProductId id, UnaryOperator<Product> change) {
        return Retry.onConflict(() -> find(project, space, id), view -> {
            Product changed = change.apply(view.product());
            return bus.ask(new ProductRows.UpdateProductRow(changed))
                    .map(_ -> announced(new ProductView(changed.withVersion(changed.version() + 1), view.spaceName())));
        });
    }

    private ProductView announced(ProductView view) {
        changes.product(view.product().project(), view.product().id());
        return view;
    }
}
