// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.AmqpQueue;
import dev.downlink.model.QueueId;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RuleRequest.AddQueue;
import dev.downlink.protocol.RuleRequest.DeleteQueue;
import dev.downlink.protocol.RuleRows.ListQueues;
import dev.downlink.protocol.RuleRows.SelectQueueById;
import io.vertx.core.Future;

/** Queues for consumers that speak AMQP (northbound §6.2). */
final class QueueRoutes {
    private final Bus bus;

    QueueRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = "/v5/iot/{project_id}/amqp-queues";
        String one = all + "/{queue_id}";
        routes.add("POST", all, new Route(Access.PROJECT, maxBody, this::add));
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::delete));
    }

    private Future<Reply> add(Call call) {
        String name = AmqpQueue.checkName(call.fields().mandatoryText("queue_name"));
        return bus.ask(new AddQueue(call.project(), name)).map(view -> Reply.json(201, shape(view.queue())));
    }

    private Future<Reply> list(Call call) {
        return bus.ask(new ListQueues(call.project(), call.parameter("queue_name"), Paging.of(call)))
                .map(found -> Reply.json(
                        200,
                        new Members()
                                .list("queues", found.queues(), QueueRoutes::shape)
                                .put("page", Paging.page(found.queues(), found.count(), AmqpQueue::recordId))
                                .node()));
    }

    /** One that is not there has no id, which is no error in the original. */
    private Future<Reply> show(Call call) {
        return bus.ask(new SelectQueueById(call.project(), id(call)))
                .map(view -> Reply.json(200, shape(view.queue())))
                .recover(e -> e instanceof Failed failed && failed.failure() instanceof Failure.NotFound
                        ? Future.succeededFuture(Reply.json(200, nothing()))
                        : Future.failedFuture(e));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteQueue(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private static QueueId id(Call call) {
        return new QueueId(call.segment("queue_id"));
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode().putNull("queue_id");
    }

    private static ObjectNode shape(AmqpQueue queue) {
        return new Members()
                .put("queue_id", queue.id().value())
                .put("queue_name", queue.name())
                .put("create_time", Timestamps.compact(queue.created()))
                .put("last_modify_time", Timestamps.compact(queue.modified()))
                .node();
    }
}
