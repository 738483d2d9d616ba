// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.ActionId;
import dev.downlink.model.Channel;
import dev.downlink.model.RuleId;
import dev.downlink.model.SpaceId;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.PushRequest.SampleSent;
import dev.downlink.protocol.PushRequest.SendSample;
import dev.downlink.protocol.PushRows.OutletState;
import dev.downlink.protocol.PushRows.OutletStatus;
import dev.downlink.protocol.PushRows.SelectStatus;
import dev.downlink.protocol.PushRows.SelectStatuses;
import dev.downlink.protocol.RuleRequest.ActionView;
import dev.downlink.protocol.RuleRequest.AddAction;
import dev.downlink.protocol.RuleRequest.ChangeAction;
import dev.downlink.protocol.RuleRequest.DeleteAction;
import dev.downlink.protocol.RuleRows.ActionFilter;
import dev.downlink.protocol.RuleRows.ActionPage;
import dev.downlink.protocol.RuleRows.ListActions;
import dev.downlink.protocol.RuleRows.SelectAction;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The actions of rules: where events are sent (northbound §6.1), and how they are doing. */
final class ActionRoutes {
    static final String ALL = RuleRoutes.PATH + "/actions";
    static final String ONE = ALL + "/{action_id}";

    private final Bus bus;

    ActionRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        routes.add("POST", ALL, new Route(Access.PROJECT, maxBody, this::add));
        routes.add("GET", ALL, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", ONE, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", ONE, new Route(Access.PROJECT, maxBody, this::change));
        routes.add("DELETE", ONE, new Route(Access.PROJECT, maxBody, this::delete));
        routes.add("POST", ONE + "/test", new Route(Access.PROJECT, maxBody, this::test));
    }

    private Future<Reply> add(Call call) {
        Fields fields = call.fields();
        RuleId rule = fields.mandatory("rule_id", RuleId::new);
        return bus.ask(new AddAction(call.project(), rule, ChannelFields.mandatory(fields)))
                .map(view -> Reply.json(201, ActionShape.of(view).node()));
    }

    private Future<Reply> list(Call call) {
        Page page = Paging.of(call);
        String rule = call.parameter("rule_id");
        String channel = call.parameter("channel");
        String type = call.parameter("app_type");
        SpaceId space = call.space();
        ActionFilter filter = new ActionFilter(
                rule == null ? null : new RuleId(rule),
                channel == null ? null : Channel.Kind.of("channel", channel),
                type == null ? null : RuleRoutes.isGlobal(type),
                space);
        return ProductRoutes.knownSpace(bus, call, space)
                .compose(_ -> bus.ask(new ListActions(call.project(), filter, page)))
                .compose(this::withStatus)
                .map(body -> Reply.json(200, body));
    }

    private Future<ObjectNode> withStatus(ActionPage found) {
        List<Integer> outlets =
                found.actions().stream().map(ActionView::outlet).distinct().toList();
        return bus.ask(new SelectStatuses(outlets)).map(states -> {
            Map<Integer, OutletStatus> byOutlet =
                    states.all().stream().collect(Collectors.toMap(OutletState::outlet, OutletState::status));
            return Paging.listed(
                    "actions",
                    found.actions(),
                    found.count(),
                    view -> ActionShape.of(view, byOutlet.get(view.outlet())),
                    view -> view.action().recordId());
        });
    }

    private Future<Reply> show(Call call) {
        return find(call)
                .compose(view -> bus.ask(new SelectStatus(view.outlet()))
                        .map(status -> Reply.json(200, ActionShape.of(view, status))));
    }

    private Future<Reply> change(Call call) {
        Channel channel = ChannelFields.optional(call.fields());
        return (channel == null ? find(call) : bus.ask(new ChangeAction(call.project(), id(call), channel)))
                .map(view -> Reply.json(200, ActionShape.of(view).node()));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteAction(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private Future<Reply> test(Call call) {
        return find(call)
                .compose(view -> bus.ask(new SendSample(view.rule(), view.action())))
                .map(sent -> Reply.json(200, shape(sent)));
    }

    private static ObjectNode shape(SampleSent sent) {
        return new Members()
                .put("accepted", sent.error() == null)
                .put("error", sent.error())
                .put("elapsed_ms", sent.millis())
                .node();
    }

    private Future<ActionView> find(Call call) {
        return bus.ask(new SelectAction(call.project(), id(call)));
    }

    static ActionId id(Call call) {
        return new ActionId(call.segment("action_id"));
    }
}
