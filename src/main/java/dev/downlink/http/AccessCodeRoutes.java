// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.AccessCode;
import dev.downlink.model.InvalidField;
import dev.downlink.protocol.RuleRequest.ReplaceCode;
import io.vertx.core.Future;

/**
 * What consumers log in with (northbound §6.2). The only answer that shows a code is the one that made it. Codes of the type
 * MQTT are kept for a door that this gateway does not have.
 */
final class AccessCodeRoutes {
    private final Bus bus;

    AccessCodeRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        routes.add("POST", "/v5/iot/{project_id}/auth/accesscode", new Route(Access.PROJECT, maxBody, this::replace));
    }

    private Future<Reply> replace(Call call) {
        Fields fields = call.optionalFields();
        AccessCode.Type type = fields.text("type", AccessCodeRoutes::type);
        boolean disconnect = fields.bool("force_disconnect", false);
        return bus.ask(new ReplaceCode(call.project(), type == null ? AccessCode.Type.AMQP : type, disconnect))
                .map(view -> Reply.json(
                        201,
                        new Members()
                                .put("access_key", view.code().accessKey())
                                .put("access_code", view.code().code().value())
                                .node()));
    }

    private static AccessCode.Type type(String text) {
        return switch (text) {
            case "AMQP" -> AccessCode.Type.AMQP;
            case "MQTT" -> AccessCode.Type.MQTT;
            default -> throw new InvalidField("type", "must be AMQP or MQTT");
        };
    }
}
