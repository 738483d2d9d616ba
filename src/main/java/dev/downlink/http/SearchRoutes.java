// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceSearch;
import dev.downlink.protocol.DeviceRequest.Found;
import dev.downlink.protocol.DeviceRequest.SearchDevices;
import io.vertx.core.Future;

/** Searches for devices (northbound §1.5). */
final class SearchRoutes {
    private final Bus bus;

    SearchRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String path = "/v5/iot/{project_id}/search/query-devices";
        routes.add("POST", path, new Route(Access.PROJECT, maxBody, this::search));
    }

    private Future<Reply> search(Call call) {
        DeviceSearch search = call.fields().mandatory("sql", DeviceSearch::parse);
        return bus.ask(new SearchDevices(call.project(), search))
                .map(found -> Reply.json(200, shape(search, found).node()));
    }

    /** The number stands there only if it was asked for. */
    private static Members shape(DeviceSearch search, Found found) {
        Members members =
                new Members().list("devices", found.devices(), device -> DeviceShape.found(device, search.members()));
        Long count = found.count();
        return count == null ? members : members.put("count", count.longValue());
    }
}
