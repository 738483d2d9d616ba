// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ServiceProperties;
import dev.downlink.model.Text;
import dev.downlink.protocol.CorrelatorRequest.GetProperties;
import dev.downlink.protocol.CorrelatorRequest.SetProperties;
import io.vertx.core.Future;
import java.util.List;

/** Properties of a device, set and asked for while the caller waits (northbound §3.2). */
final class PropertyRoutes {
    private static final String REQUEST_ID = "request_id";

    private final DeviceCalls devices;

    PropertyRoutes(DeviceCalls devices) {
        this.devices = devices;
    }

    void mount(RouteTable routes, int maxBody) {
        String path = "/v5/iot/{project_id}/devices/{device_id}/properties";
        routes.add("PUT", path, new Route(Access.PROJECT, maxBody, this::set));
        routes.add("GET", path, new Route(Access.PROJECT, maxBody, this::get));
    }

    private Future<Reply> set(Call call) {
        Fields fields = call.fields();
        List<ServiceProperties> services = services(fields);
        DeviceCalls.checkSize(call, fields, "services");
        return devices.ask(new SetProperties(call.project(), device(call), services, devices.limit(call)), REQUEST_ID);
    }

    private Future<Reply> get(Call call) {
        String service = Text.upTo("service_id", Text.present("service_id", call.parameter("service_id")), 64);
        return devices.ask(new GetProperties(call.project(), device(call), service, devices.limit(call)), REQUEST_ID);
    }

    private static List<ServiceProperties> services(Fields fields) {
        List<ServiceProperties> services =
                fields.objects("services").stream().map(PropertyRoutes::service).toList();
        if (services.isEmpty()) {
            throw new InvalidField("services", "must name at least one service");
        }
        return services;
    }

    private static ServiceProperties service(Fields one) {
        return one.inside(() -> new ServiceProperties(one.mandatoryText("service_id"), one.mandatoryMap("properties")));
    }

    private static DeviceId device(Call call) {
        return new DeviceId(call.segment("device_id"));
    }
}
