// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.BacklogPolicy;
import dev.downlink.model.PolicyId;
import dev.downlink.protocol.PolicyRequest.AddBacklogPolicy;
import dev.downlink.protocol.PolicyRequest.ChangeBacklogPolicy;
import dev.downlink.protocol.PolicyRequest.DeleteBacklogPolicy;
import dev.downlink.protocol.PolicyRows.ListBacklogPolicies;
import dev.downlink.protocol.PolicyRows.SelectBacklogPolicy;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** How much may wait for an action or a queue (northbound §6.5). */
final class BacklogPolicyRoutes {
    private final Bus bus;

    BacklogPolicyRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = RuleRoutes.PATH + "/backlog-policy";
        String one = all + "/{policy_id}";
        routes.add("POST", all, new Route(Access.PROJECT, maxBody, this::add));
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", one, new Route(Access.PROJECT, maxBody, this::change));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::delete));
    }

    private Future<Reply> add(Call call) {
        Fields fields = call.fields();
        return bus.ask(new AddBacklogPolicy(
                        call.project(),
                        fields.text("policy_name"),
                        fields.text("description"),
                        orElse(fields.integer("backlog_size"), BacklogPolicy.MAX_BYTES),
                        orElse(fields.integer("backlog_time"), BacklogPolicy.MAX_SECONDS)))
                .map(view -> Reply.json(201, shape(view.policy())));
    }

    private static int orElse(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private Future<Reply> list(Call call) {
        return bus.ask(new ListBacklogPolicies(call.project(), call.parameter("policy_name"), Paging.of(call)))
                .map(found -> Reply.json(
                        200,
                        Paging.listed(
                                "backlog_policies",
                                found.policies(),
                                found.count(),
                                BacklogPolicyRoutes::shape,
                                BacklogPolicy::recordId)));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new SelectBacklogPolicy(call.project(), id(call)))
                .map(view -> Reply.json(200, shape(view.policy())));
    }

    private Future<Reply> change(Call call) {
        Fields fields = call.fields();
        return bus.ask(new ChangeBacklogPolicy(
                        call.project(),
                        id(call),
                        fields.text("policy_name"),
                        fields.text("description"),
                        fields.integer("backlog_size"),
                        fields.integer("backlog_time")))
                .map(view -> Reply.json(200, shape(view.policy())));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteBacklogPolicy(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private static PolicyId id(Call call) {
        return new PolicyId(call.segment("policy_id"));
    }

    private static ObjectNode shape(BacklogPolicy policy) {
        return new Members()
                .put("policy_id", policy.id().value())
                .put("policy_name", policy.name())
                .put("description", policy.description())
                .put("backlog_size", policy.maxBytes())
                .put("backlog_time", policy.maxSeconds())
                .node();
    }
}
