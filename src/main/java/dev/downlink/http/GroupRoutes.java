// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Handler;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceGroup;
import dev.downlink.model.DeviceId;
import dev.downlink.model.GroupId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Text;
import dev.downlink.protocol.GroupRequest.AddGroup;
import dev.downlink.protocol.GroupRequest.AddToGroup;
import dev.downlink.protocol.GroupRequest.DeleteGroup;
import dev.downlink.protocol.GroupRequest.GroupDevice;
import dev.downlink.protocol.GroupRequest.GroupDevices;
import dev.downlink.protocol.GroupRequest.ListGroupDevices;
import dev.downlink.protocol.GroupRequest.ListGroupsOf;
import dev.downlink.protocol.GroupRequest.RemoveFromGroup;
import dev.downlink.protocol.GroupRequest.ShowGroup;
import dev.downlink.protocol.GroupRequest.UpdateGroup;
import dev.downlink.protocol.GroupRows.Filter;
import dev.downlink.protocol.GroupRows.ListGroups;
import dev.downlink.protocol.Page;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Device groups (northbound §1.6). */
final class GroupRoutes {
    private static final String STATIC = "STATIC";
    private static final String DYNAMIC = "DYNAMIC";

    private final Bus bus;

    GroupRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = "/v5/iot/{project_id}/device-group";
        String one = all + "/{group_id}";
        mount(routes, maxBody, "POST", all, this::add);
        mount(routes, maxBody, "GET", all, this::list);
        mount(routes, maxBody, "GET", one, this::show);
        mount(routes, maxBody, "PUT", one, this::update);
        mount(routes, maxBody, "DELETE", one, this::delete);
        mount(routes, maxBody, "POST", one + "/action", this::act);
        mount(routes, maxBody, "GET", one + "/devices", this::devices);
        mount(routes, maxBody, "POST", "/v5/iot/{project_id}/devices/{device_id}/list-device-group", this::groupsOf);
    }

    private static void mount(RouteTable routes, int maxBody, String method, String pattern, Handler handler) {
        routes.add(method, pattern, new Route(Access.PROJECT, maxBody, handler));
    }

    private Future<Reply> add(Call call) {
        Fields fields = call.fields();
        return bus.ask(new AddGroup(
                        call.project(),
                        fields.text("app_id", SpaceId::new),
                        DeviceGroup.checkName(fields.mandatoryText("name")),
                        DeviceGroup.checkDescription(fields.text("description")),
                        fields.text("super_group_id", GroupRoutes::superGroup),
                        rule(fields)))
                .map(view -> Reply.json(201, full(view.group())));
    }

    private static GroupId superGroup(String text) {
        Text.identifier("super_group_id", text, GroupId.MAX_LENGTH);
        return new GroupId(text);
    }

    /** A group without a type is static. */
    private static @Nullable String rule(Fields fields) {
        boolean dynamic = Optional.ofNullable(fields.text("group_type"))
                .map(GroupRoutes::dynamic)
                .orElse(false);
        if (dynamic) {
            return fields.mandatoryText("dynamic_group_rule");
        }
        if (fields.has("dynamic_group_rule")) {
            throw new InvalidField("dynamic_group_rule", "is only for groups of the type " + DYNAMIC);
        }
        return null;
    }

    private static boolean dynamic(String type) {
        return switch (type) {
            case STATIC -> false;
            case DYNAMIC -> true;
            default -> throw new InvalidField("group_type", "must be " + STATIC + " or " + DYNAMIC);
        };
    }

    private Future<Reply> list(Call call) {
        Page page = Paging.of(call);
        String type = call.parameter("group_type");
        String time = call.parameter("last_modified_time");
        Filter filter = new Filter(
                call.space(),
                type == null ? null : dynamic(type),
                call.parameter("name"),
                time == null ? null : Parameters.time("last_modified_time", time));
        return ProductRoutes.knownSpace(bus, call, filter.space())
                .compose(_ -> bus.ask(new ListGroups(call.project(), filter, page)))
                .map(found -> Reply.json(
                        200,
                        new Members()
                                .list(
                                        "device_groups",
                                        found.groups(),
                                        group -> members(group).node())
                                .put("page", Paging.page(found.groups(), found.count(), DeviceGroup::recordId))
                                .node()));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new ShowGroup(call.project(), id(call))).map(view -> Reply.json(200, full(view.group())));
    }

    private Future<Reply> update(Call call) {
        Fields fields = call.fields();
        String name = fields.text("name", DeviceGroup::checkName);
        String description = DeviceGroup.checkDescription(fields.text("description"));
        return bus.ask(new UpdateGroup(call.project(), id(call), name, description))
                .map(view -> Reply.json(200, full(view.group())));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteGroup(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private Future<Reply> act(Call call) {
        String action = Text.present("action_id", call.parameter("action_id"));
        DeviceId device = new DeviceId(Text.present("device_id", call.parameter("device_id")));
        return switch (action) {
            case "addDevice" ->
                bus.ask(new AddToGroup(call.project(), id(call), device)).map(_ -> Reply.OK);
            case "removeDevice" ->
                bus.ask(new RemoveFromGroup(call.project(), id(call), device)).map(_ -> Reply.OK);
            default -> throw new InvalidField("action_id", "must be addDevice or removeDevice");
        };
    }

    private Future<Reply> devices(Call call) {
        return bus.ask(new ListGroupDevices(call.project(), id(call), Paging.of(call), true))
                .map(found -> Reply.json(200, shape(found)));
    }

    private Future<Reply> groupsOf(Call call) {
        return bus.ask(new ListGroupsOf(call.project(), new DeviceId(call.segment("device_id"))))
                .map(found -> Reply.json(
                        200,
                        new Members()
                                .list(
                                        "device_groups",
                                        found.groups(),
                                        group -> members(group).node())
                                .node()));
    }

    private static GroupId id(Call call) {
        return new GroupId(call.segment("group_id"));
    }

    private static ObjectNode full(DeviceGroup group) {
        return members(group).put("dynamic_group_rule", group.rule()).node();
    }

    private static Members members(DeviceGroup group) {
        GroupId above = group.superGroup();
        return new Members()
                .put("group_id", group.id().value())
                .put("name", group.name())
                .put("description", group.description())
                .put("super_group_id", above == null ? null : above.value())
                .put("group_type", group.isDynamic() ? DYNAMIC : STATIC);
    }

    private static ObjectNode shape(GroupDevices found) {
        Long count = found.count();
        return new Members()
                .list("devices", found.devices(), GroupRoutes::shape)
                .put("page", Paging.page(found.devices(), count == null ? 0 : count, GroupDevice::recordId))
                .node();
    }

    private static ObjectNode shape(GroupDevice device) {
        return new Members()
                .put("device_id", device.device().value())
                .put("node_id", device.node().value())
                .put("device_name", device.name())
                .put("product_id", device.product().value())
                .node();
    }
}
