// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.CustomTopic;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.Text;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRequest.PutTopic;
import dev.downlink.protocol.ProductRequest.RemoveTopic;
import dev.downlink.protocol.ProductRequest.ShowProduct;
import io.vertx.core.Future;
import java.util.Locale;

/**
 * A product's custom topics. An addition of ours: the contract has no call for them (northbound §0.4). A topic is named by
 * what follows {@code $oc/devices/{device_id}/user/}, which may have several levels, in the body or as the rest of the path.
 */
final class TopicRoutes {
    private final Bus bus;

    TopicRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = "/v5/iot/{project_id}/products/{product_id}/topics";
        String one = all + "/{topic...}";
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("POST", all, new Route(Access.PROJECT, maxBody, this::add));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", one, new Route(Access.PROJECT, maxBody, this::put));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::remove));
    }

    private Future<Reply> list(Call call) {
        return product(call)
                .map(product -> Reply.json(
                        200,
                        new Members()
                                .put("product_id", product.id().value())
                                .list("topics", product.topics(), TopicRoutes::shape)
                                .node()));
    }

    private Future<Reply> show(Call call) {
        String suffix = call.segment("topic");
        return product(call).map(product -> Reply.json(200, shape(existing(product, suffix))));
    }

    private Future<Reply> add(Call call) {
        Fields fields = call.fields();
        return put(call, topic(fields, fields.mandatoryText("topic")), 201);
    }

    private Future<Reply> put(Call call) {
        return put(call, topic(call.fields(), call.segment("topic")), 200);
    }

    private Future<Reply> put(Call call, CustomTopic topic, int status) {
        return bus.ask(new PutTopic(call.project(), call.space(), id(call), topic))
                .map(_ -> Reply.json(status, shape(topic)));
    }

    private Future<Reply> remove(Call call) {
        return bus.ask(new RemoveTopic(call.project(), call.space(), id(call), call.segment("topic")))
                .map(_ -> Reply.NO_CONTENT);
    }

    private Future<Product> product(Call call) {
        return bus.ask(new ShowProduct(call.project(), call.space(), id(call))).map(view -> view.product());
    }

    private static ProductId id(Call call) {
        return new ProductId(call.segment("product_id"));
    }

    private static CustomTopic existing(Product product, String suffix) {
        return product.topic(suffix).orElseThrow(() -> new Failed(new Failure.NotFound("topic", suffix)));
    }

    private static CustomTopic topic(Fields fields, String suffix) {
        CustomTopic.Operation operation = fields.mandatory("operation", TopicRoutes::operation);
        return new CustomTopic(suffix, operation, Text.optional("description", fields.text("description"), 128));
    }

    private static CustomTopic.Operation operation(String text) {
        return switch (text) {
            case "publish" -> CustomTopic.Operation.PUBLISH;
            case "subscribe" -> CustomTopic.Operation.SUBSCRIBE;
            case "all" -> CustomTopic.Operation.ALL;
            default -> throw new InvalidField("operation", "must be publish, subscribe or all");
        };
    }

    private static ObjectNode shape(CustomTopic topic) {
        return new Members()
                .put("topic", topic.suffix())
                .put("operation", topic.operation().name().toLowerCase(Locale.ROOT))
                .put("description", topic.description())
                .node();
    }
}
