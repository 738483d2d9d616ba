// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.InvalidField;
import dev.downlink.model.RoutingRule;
import dev.downlink.model.RuleId;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Subject;
import dev.downlink.model.Text;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.RuleRequest.AddRule;
import dev.downlink.protocol.RuleRequest.ChangeRule;
import dev.downlink.protocol.RuleRequest.DeleteRule;
import dev.downlink.protocol.RuleRequest.Query;
import dev.downlink.protocol.RuleRows.ListRules;
import dev.downlink.protocol.RuleRows.RuleFilter;
import dev.downlink.protocol.RuleRows.SelectRule;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules: what an application wants to be told of (northbound §6.1). */
final class RuleRoutes {
    static final String PATH = "/v5/iot/{project_id}/routing-rule";
    private static final String GLOBAL = "GLOBAL";
    private static final String APP = "APP";

    private final Bus bus;

    RuleRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = PATH + "/rules";
        String one = all + "/{rule_id}";
        routes.add("POST", all, new Route(Access.PROJECT, maxBody, this::add));
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", one, new Route(Access.PROJECT, maxBody, this::change));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::delete));
    }

    private Future<Reply> add(Call call) {
        Fields fields = call.fields();
        Subject subject = subject(fields);
        String type = fields.text("app_type");
        AddRule rule = new AddRule(
                call.project(),
                type == null || isGlobal(type),
                fields.text("app_id", SpaceId::new),
                subject,
                name(fields),
                description(fields),
                new Query(query(fields, "select"), query(fields, "where")));
        return bus.ask(rule).map(view -> Reply.json(201, shape(view.rule())));
    }

    private static Subject subject(Fields fields) {
        Fields subject = fields.object("subject");
        if (subject == null) {
            throw fields.missing("subject");
        }
        String resource = subject.mandatoryText("resource");
        String event = subject.mandatoryText("event");
        return Subject.of(resource + ':' + event).orElseThrow(() -> unknown(resource));
    }

    private static InvalidField unknown(String resource) {
        boolean known = Arrays.stream(Subject.values())
                .anyMatch(subject -> subject.resource().equals(resource));
        String all = Arrays.stream(Subject.values()).map(Subject::text).collect(Collectors.joining(", "));
        return known
                ? new InvalidField("subject.event", "must be, with its resource, one of: " + all)
                : new InvalidField("subject.resource", "must be, with its event, one of: " + all);
    }

    /** Whether a rule is for all spaces of its project, which the contract calls an application type. */
    static boolean isGlobal(String type) {
        return switch (type) {
            case GLOBAL -> true;
            case APP -> false;
            default -> throw new InvalidField("app_type", "must be " + GLOBAL + " or " + APP);
        };
    }

    private static @Nullable String name(Fields fields) {
        return Text.optionalWords("rule_name", fields.text("rule_name"), RoutingRule.MAX_NAME);
    }

    private static @Nullable String description(Fields fields) {
        return Text.optional("description", fields.text("description"), RoutingRule.MAX_NAME);
    }

    /** An empty text asks for nothing. */
    private static @Nullable String query(Fields fields, String name) {
        String text = Text.optional(name, fields.text(name), RoutingRule.MAX_QUERY);
        return text == null || text.isBlank() ? null : text;
    }

    private Future<Reply> list(Call call) {
        Page page = Paging.of(call);
        String type = call.parameter("app_type");
        String active = call.parameter("active");
        RuleFilter filter = new RuleFilter(
                call.parameter("resource"),
                call.parameter("event"),
                type == null ? null : isGlobal(type),
                call.space(),
                call.parameter("rule_name"),
                active == null ? null : Parameters.bool("active", active));
        return ProductRoutes.knownSpace(bus, call, filter.space())
                .compose(_ -> bus.ask(new ListRules(call.project(), filter, page)))
                .map(found -> Reply.json(
                        200,
                        Paging.listed(
                                "rules", found.rules(), found.count(), RuleRoutes::shape, RoutingRule::recordId)));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new SelectRule(call.project(), id(call))).map(view -> Reply.json(200, shape(view.rule())));
    }

    private Future<Reply> change(Call call) {
        Fields fields = call.fields();
        ChangeRule change = new ChangeRule(
                call.project(), id(call), name(fields), description(fields), bothOrNone(fields), fields.bool("active"));
        return bus.ask(change).map(view -> Reply.json(200, shape(view.rule())));
    }

    private static @Nullable Query bothOrNone(Fields fields) {
        Query query = new Query(query(fields, "select"), query(fields, "where"));
        if (fields.has("select") != fields.has("where")) {
            throw new InvalidField(
                    fields.has("select") ? "where" : "select",
                    "must come with the other one of select and where; an empty text takes it away");
        }
        return fields.has("select") ? query : null;
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteRule(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private static RuleId id(Call call) {
        return new RuleId(call.segment("rule_id"));
    }

    private static ObjectNode shape(RoutingRule rule) {
        SpaceId space = rule.space();
        return new Members()
                .put("rule_id", rule.id().value())
                .put("rule_name", rule.name())
                .put("description", rule.description())
                .put(
                        "subject",
                        new Members()
                                .put("resource", rule.subject().resource())
                                .put("event", rule.subject().event())
                                .node())
                .put("app_type", space == null ? GLOBAL : APP)
                .put("app_id", space == null ? null : space.value())
                .put("select", rule.select())
                .put("where", rule.where())
                .put("active", rule.active())
                .node();
    }
}
