// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.ProductId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.ProductRequest.CreateProduct;
import dev.downlink.protocol.ProductRequest.DeleteProduct;
import dev.downlink.protocol.ProductRequest.ShowProduct;
import dev.downlink.protocol.ProductRequest.UpdateProduct;
import dev.downlink.protocol.ProductRows.ListProducts;
import dev.downlink.protocol.ProductRows.ProductPage;
import dev.downlink.protocol.SpaceRequest.ShowSpace;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Products (northbound §1.1). */
final class ProductRoutes {
    /** Room for the largest model and what is around it, in bytes. */
    static final int MAX_BODY = 600 * 1024;

    private final Bus bus;

    ProductRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = "/v5/iot/{project_id}/products";
        String one = all + "/{product_id}";
        int largeBody = Math.max(maxBody, MAX_BODY);
        routes.add("POST", all, new Route(Access.PROJECT, largeBody, this::create));
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", one, new Route(Access.PROJECT, largeBody, this::update));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::delete));
    }

    private Future<Reply> create(Call call) {
        Fields fields = call.fields();
        CreateProduct request = new CreateProduct(
                call.project(),
                fields.text("app_id", SpaceId::new),
                fields.text("product_id", ProductId::new),
                ProductFields.create(fields));
        return bus.ask(request).map(view -> Reply.json(201, ProductShape.full(view)));
    }

    private Future<Reply> list(Call call) {
        Page page = Paging.of(call);
        @Nullable SpaceId space = call.space();
        return knownSpace(bus, call, space)
                .compose(_ -> bus.ask(new ListProducts(call.project(), space, call.parameter("product_name"), page)))
                .map(found -> Reply.json(200, shape(found)));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new ShowProduct(call.project(), call.space(), id(call)))
                .map(view -> Reply.json(200, ProductShape.full(view)));
    }

    private Future<Reply> update(Call call) {
        Fields fields = call.fields();
        @Nullable SpaceId space = fields.text("app_id", SpaceId::new);
        return bus.ask(new UpdateProduct(call.project(), space, id(call), ProductFields.update(fields)))
                .map(view -> Reply.json(200, ProductShape.full(view)));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteProduct(call.project(), call.space(), id(call)))
                .map(_ -> Reply.NO_CONTENT);
    }

    /** A list of a space that does not exist is an error, not an empty list (northbound §7). */
    static Future<?> knownSpace(Bus bus, Call call, @Nullable SpaceId space) {
        return space == null ? Future.succeededFuture() : bus.ask(new ShowSpace(call.project(), space));
    }

    private static ProductId id(Call call) {
        return new ProductId(call.segment("product_id"));
    }

    private static ObjectNode shape(ProductPage found) {
        return new Members()
                .list("products", found.products(), ProductShape::summary)
                .put(
                        "page",
                        Paging.page(
                                found.products(),
                                found.count(),
                                view -> view.product().recordId()))
                .node();
    }
}
