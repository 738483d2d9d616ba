// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Text;
import dev.downlink.protocol.CorrelatorRequest.SendCommand;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Synchronous commands (northbound §3.1). */
final class CommandRoutes {
    private final DeviceCalls devices;

    CommandRoutes(DeviceCalls devices) {
        this.devices = devices;
    }

    void mount(RouteTable routes, int maxBody) {
        routes.add(
                "POST",
                "/v5/iot/{project_id}/devices/{device_id}/commands",
                new Route(Access.PROJECT, maxBody, this::send));
    }

    private Future<Reply> send(Call call) {
        return devices.ask(request(call), "command_id");
    }

    private SendCommand request(Call call) {
        Fields fields = call.fields();
        Map<String, @Nullable Object> paras = fields.mandatoryMap("paras");
        DeviceCalls.checkSize(call, fields, "paras");
        return new SendCommand(
                call.project(),
                new DeviceId(call.segment("device_id")),
                Text.optional("service_id", fields.text("service_id"), 64),
                Text.optional("command_name", fields.text("command_name"), 128),
                paras,
                devices.limit(call));
    }
}
