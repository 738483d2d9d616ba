// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Shadow;
import dev.downlink.model.Text;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.ShadowRequest.DeleteShadow;
import dev.downlink.protocol.ShadowRequest.DesiredChange;
import dev.downlink.protocol.ShadowRequest.ShowShadow;
import dev.downlink.protocol.ShadowRequest.UpdateDesired;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wanted of a device and what it said last (northbound §3.3). */
final class ShadowRoutes {
    private final Bus bus;

    ShadowRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String path = "/v5/iot/{project_id}/devices/{device_id}/shadow";
        routes.add("GET", path, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", path, new Route(Access.PROJECT, maxBody, this::update));
        routes.add("DELETE", path, new Route(Access.PROJECT, maxBody, this::delete));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new ShowShadow(call.project(), device(call))).map(ShadowRoutes::reply);
    }

    private Future<Reply> update(Call call) {
        Fields fields = call.fields();
        List<DesiredChange> changes =
                fields.objects("shadow").stream().map(ShadowRoutes::change).toList();
        if (changes.isEmpty()) {
            throw new InvalidField("shadow", "must name at least one service");
        }
        DeviceCalls.checkSize(call, fields, "shadow");
        return bus.ask(new UpdateDesired(call.project(), device(call), changes)).map(ShadowRoutes::reply);
    }

    private Future<Reply> delete(Call call) {
        String service = Text.optional("service_id", call.parameter("service_id"), 64);
        return bus.ask(new DeleteShadow(call.project(), device(call), service)).map(_ -> Reply.NO_CONTENT);
    }

    private static DesiredChange change(Fields one) {
        return one.inside(() -> new DesiredChange(
                one.mandatoryText("service_id"), one.mandatoryStorableMap("desired"), one.longInteger("version")));
    }

    private static Reply reply(Shadow shadow) {
        return Reply.json(
                200,
                new Members()
                        .put("device_id", shadow.device().value())
                        .list("shadow", shadow.services(), ShadowRoutes::service)
                        .node());
    }

    private static ObjectNode service(Shadow.Service service) {
        Members members = new Members().put("service_id", service.serviceId());
        put(members, "desired", service.desired());
        put(members, "reported", service.reported());
        return members.put("version", service.version()).node();
    }

    private static void put(Members members, String name, Shadow.@Nullable Part part) {
        if (part != null) {
            members.put(
                    name,
                    new Members()
                            .put("properties", part.properties())
                            .put("event_time", Timestamps.compact(part.time()))
                            .node());
        }
    }

    private static DeviceId device(Call call) {
        return new DeviceId(call.segment("device_id"));
    }
}
