// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.FlowPolicy;
import dev.downlink.model.InvalidField;
import dev.downlink.model.PolicyId;
import dev.downlink.protocol.PolicyRequest.AddFlowPolicy;
import dev.downlink.protocol.PolicyRequest.ChangeFlowPolicy;
import dev.downlink.protocol.PolicyRequest.DeleteFlowPolicy;
import dev.downlink.protocol.PolicyRows.ListFlowPolicies;
import dev.downlink.protocol.PolicyRows.SelectFlowPolicy;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** How many events a second are sent (northbound §6.5). */
final class FlowPolicyRoutes {
    private final Bus bus;

    FlowPolicyRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = RuleRoutes.PATH + "/flowcontrol-policy";
        String one = all + "/{policy_id}";
        routes.add("POST", all, new Route(Access.PROJECT, maxBody, this::add));
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", one, new Route(Access.PROJECT, maxBody, this::change));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::delete));
    }

    private Future<Reply> add(Call call) {
        Fields fields = call.fields();
        FlowPolicy.@Nullable Scope scope = fields.text("scope", FlowPolicyRoutes::scope);
        Integer limit = fields.integer("limit");
        return bus.ask(new AddFlowPolicy(
                        call.project(),
                        fields.text("policy_name"),
                        fields.text("description"),
                        scope == null ? FlowPolicy.Scope.USER : scope,
                        fields.text("scope_value"),
                        limit == null ? FlowPolicy.MAX_LIMIT : limit))
                .map(view -> Reply.json(201, shape(view.policy())));
    }

    private static FlowPolicy.Scope scope(String text) {
        return switch (text) {
            case "USER" -> FlowPolicy.Scope.USER;
            case "CHANNEL" -> FlowPolicy.Scope.CHANNEL;
            case "RULE" -> FlowPolicy.Scope.RULE;
            case "ACTION" -> FlowPolicy.Scope.ACTION;
            default -> throw new InvalidField("scope", "must be USER, CHANNEL, RULE or ACTION");
        };
    }

    private Future<Reply> list(Call call) {
        String scope = call.parameter("scope");
        return bus.ask(new ListFlowPolicies(
                        call.project(),
                        scope == null ? null : scope(scope),
                        call.parameter("scope_value"),
                        call.parameter("policy_name"),
                        Paging.of(call)))
                .map(found -> Reply.json(
                        200,
                        Paging.listed(
                                "flowcontrol_policies",
                                found.policies(),
                                found.count(),
                                FlowPolicyRoutes::shape,
                                FlowPolicy::recordId)));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new SelectFlowPolicy(call.project(), id(call)))
                .map(view -> Reply.json(200, shape(view.policy())));
    }

    private Future<Reply> change(Call call) {
        Fields fields = call.fields();
        return bus.ask(new ChangeFlowPolicy(
                        call.project(),
                        id(call),
                        fields.text("policy_name"),
                        fields.text("description"),
                        fields.integer("limit")))
                .map(view -> Reply.json(200, shape(view.policy())));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteFlowPolicy(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private static PolicyId id(Call call) {
        return new PolicyId(call.segment("policy_id"));
    }

    private static ObjectNode shape(FlowPolicy policy) {
        return new Members()
                .put("policy_id", policy.id().value())
                .put("policy_name", policy.name())
                .put("description", policy.description())
                .put("scope", policy.scope().name())
                .put("scope_value", policy.scopeValue())
                .put("limit", policy.limit())
                .node();
    }
}
