// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.model.Text;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.SpaceRequest.AddSpace;
import dev.downlink.protocol.SpaceRequest.DeleteSpace;
import dev.downlink.protocol.SpaceRequest.RenameSpace;
import dev.downlink.protocol.SpaceRequest.ShowSpace;
import dev.downlink.protocol.SpaceRows.ListSpaces;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Resource spaces, the contract's applications (northbound §7). */
final class SpaceRoutes {
    private static final int MAX_NAME = 64;

    private final Bus bus;

    SpaceRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = "/v5/iot/{project_id}/apps";
        String one = all + "/{app_id}";
        routes.add("POST", all, new Route(Access.PROJECT, maxBody, this::add));
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("PUT", one, new Route(Access.PROJECT, maxBody, this::update));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::delete));
    }

    private Future<Reply> add(Call call) {
        String name = Text.words("app_name", call.fields().text("app_name"), MAX_NAME);
        return bus.ask(new AddSpace(call.project(), name)).map(view -> Reply.json(201, shape(view.space())));
    }

    private Future<Reply> list(Call call) {
        return bus.ask(new ListSpaces(call.project(), onlyDefault(call.parameter("default_app"))))
                .map(found -> Reply.json(
                        200,
                        new Members()
                                .list("applications", found.spaces(), SpaceRoutes::shape)
                                .node()));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new ShowSpace(call.project(), id(call))).map(view -> Reply.json(200, shape(view.space())));
    }

    private Future<Reply> update(Call call) {
        @Nullable
        String name = Text.optionalWords("app_name", call.optionalFields().text("app_name"), MAX_NAME);
        if (name == null) {
            return show(call);
        }
        return bus.ask(new RenameSpace(call.project(), id(call), name))
                .map(view -> Reply.json(200, shape(view.space())));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteSpace(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private static SpaceId id(Call call) {
        return new SpaceId(call.segment("app_id"));
    }

    private static @Nullable Boolean onlyDefault(@Nullable String text) {
        return text == null ? null : Parameters.bool("default_app", text);
    }

    private static ObjectNode shape(Space space) {
        return new Members()
                .put("app_id", space.id().value())
                .put("app_name", space.name())
                .put("create_time", Timestamps.compact(space.created()))
                .put("default_app", space.isDefault())
                .node();
    }
}
