// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.InvalidField;
import dev.downlink.model.MessageCache;
import dev.downlink.model.MessageCache.Overflow;
import dev.downlink.model.ProductId;
import dev.downlink.protocol.ProductRequest.ProductView;
import dev.downlink.protocol.ProductRequest.SetMessageCache;
import dev.downlink.protocol.ProductRequest.ShowProduct;
import io.vertx.core.Future;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many messages are kept for each device of a product. An addition of ours: the contract has one number for all
 * (northbound §10).
 */
final class MessageCacheRoutes {
    private final Bus bus;
    private final Settings.Messages settings;

    MessageCacheRoutes(Bus bus, Settings.Messages settings) {
        this.bus = bus;
        this.settings = settings;
    }

    void mount(RouteTable routes, int maxBody) {
        String path = "/v5/iot/{project_id}/products/{product_id}/message-cache";
        routes.add("GET", path, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", path, new Route(Access.PROJECT, maxBody, this::put));
        routes.add("DELETE", path, new Route(Access.PROJECT, maxBody, this::remove));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new ShowProduct(call.project(), call.space(), id(call))).map(this::shape);
    }

    private Future<Reply> put(Call call) {
        return set(call, cache(call.fields())).map(this::shape);
    }

    private Future<Reply> remove(Call call) {
        return set(call, null).map(_ -> Reply.NO_CONTENT);
    }

    private Future<ProductView> set(Call call, @Nullable MessageCache cache) {
        return bus.ask(new SetMessageCache(call.project(), call.space(), id(call), cache));
    }

    private Reply shape(ProductView view) {
        MessageCache inForce = settings.cacheOf(view.product());
        return Reply.json(
                200,
                new Members()
                        .put("max_messages", inForce.max())
                        .put("overflow", inForce.overflow().name().toLowerCase(Locale.ROOT))
                        .put("source", view.product().messageCache() == null ? "default" : "product")
                        .node());
    }

    private static MessageCache cache(Fields fields) {
        @Nullable Integer max = fields.integer("max_messages");
        if (max == null) {
            throw fields.missing("max_messages");
        }
        return new MessageCache(max, fields.mandatory("overflow", MessageCacheRoutes::overflow));
    }

    private static Overflow overflow(String text) {
        return switch (text) {
            case "replace_oldest" -> Overflow.REPLACE_OLDEST;
            case "refuse" -> Overflow.REFUSE;
            default -> throw new InvalidField("overflow", "must be replace_oldest or refuse");
        };
    }

    private static ProductId id(Call call) {
        return new ProductId(call.segment("product_id"));
    }
}
