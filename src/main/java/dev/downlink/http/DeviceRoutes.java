// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Handler;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ProductId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.DeviceRequest.ChangeGateway;
import dev.downlink.protocol.DeviceRequest.DeleteDevice;
import dev.downlink.protocol.DeviceRequest.FreezeDevice;
import dev.downlink.protocol.DeviceRequest.ResetFingerprint;
import dev.downlink.protocol.DeviceRequest.ResetSecret;
import dev.downlink.protocol.DeviceRequest.ShowDevice;
import dev.downlink.protocol.DeviceRequest.UnfreezeDevice;
import dev.downlink.protocol.DeviceRows.DevicePage;
import dev.downlink.protocol.DeviceRows.Filter;
import dev.downlink.protocol.DeviceRows.ListDevices;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Devices (northbound §1.2). */
final class DeviceRoutes {
    private final Bus bus;

    DeviceRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(RouteTable routes, int maxBody) {
        String all = "/v5/iot/{project_id}/devices";
        String one = all + "/{device_id}";
        mount(routes, maxBody, "POST", all, this::add);
        mount(routes, maxBody, "GET", all, this::list);
        mount(routes, maxBody, "GET", one, this::show);
        mount(routes, maxBody, "PUT", one, this::update);
        mount(routes, maxBody, "DELETE", one, this::delete);
        mount(routes, maxBody, "POST", one + "/action", this::resetSecret);
        mount(routes, maxBody, "POST", one + "/reset-fingerprint", this::resetFingerprint);
        mount(routes, maxBody, "POST", one + "/freeze", this::freeze);
        mount(routes, maxBody, "POST", one + "/unfreeze", this::unfreeze);
        mount(routes, maxBody, "POST", one + "/change-gateway", this::changeGateway);
    }

    private static void mount(RouteTable routes, int maxBody, String method, String pattern, Handler handler) {
        routes.add(method, pattern, new Route(Access.PROJECT, maxBody, handler));
    }

    private Future<Reply> add(Call call) {
        return bus.ask(DeviceFields.create(call.project(), call.fields()))
                .map(view -> Reply.json(201, DeviceShape.full(view)));
    }

    private Future<Reply> show(Call call) {
        return bus.ask(new ShowDevice(call.project(), id(call))).map(view -> Reply.json(200, DeviceShape.full(view)));
    }

    private Future<Reply> update(Call call) {
        return bus.ask(DeviceFields.update(call.project(), id(call), call.fields()))
                .map(view -> Reply.json(200, DeviceShape.full(view)));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteDevice(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private Future<Reply> freeze(Call call) {
        return bus.ask(new FreezeDevice(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private Future<Reply> unfreeze(Call call) {
        return bus.ask(new UnfreezeDevice(call.project(), id(call))).map(_ -> Reply.NO_CONTENT);
    }

    private Future<Reply> changeGateway(Call call) {
        DeviceId gateway = call.fields().mandatory("gateway_id", id -> DeviceFields.deviceId("gateway_id", id));
        return bus.ask(new ChangeGateway(call.project(), id(call), gateway)).map(_ -> Reply.NO_CONTENT);
    }

    private Future<Reply> resetSecret(Call call) {
        if (!"resetSecret".equals(call.parameter("action_id"))) {
            throw new InvalidField("action_id", "must be resetSecret");
        }
        ResetSecret request = DeviceFields.resetSecret(call.project(), id(call), call.optionalFields());
        return bus.ask(request).map(view -> {
            AuthInfo auth = view.device().auth();
            @Nullable Secret secret = request.slot() == AuthInfo.Slot.PRIMARY ? auth.secret() : auth.secondarySecret();
            return Reply.json(
                    200,
                    new Members()
                            .put("device_id", view.device().id().value())
                            .put("secret", secret == null ? null : secret.value())
                            .put("secret_type", request.slot().name())
                            .node());
        });
    }

    private Future<Reply> resetFingerprint(Call call) {
        ResetFingerprint request = DeviceFields.resetFingerprint(call.project(), id(call), call.optionalFields());
        return bus.ask(request).map(view -> {
            AuthInfo auth = view.device().auth();
            return Reply.json(
                    200,
                    new Members()
                            .put("device_id", view.device().id().value())
                            .put(
                                    "fingerprint",
                                    request.slot() == AuthInfo.Slot.PRIMARY
                                            ? auth.fingerprint()
                                            : auth.secondaryFingerprint())
                            .put("fingerprint_type", request.slot().name())
                            .node());
        });
    }

    private Future<Reply> list(Call call) {
        Page page = Paging.of(call);
        Filter filter = filter(call);
        return ProductRoutes.knownSpace(bus, call, filter.space())
                .compose(_ -> bus.ask(new ListDevices(call.project(), filter, page)))
                .map(found -> Reply.json(200, shape(found)));
    }

    private static Filter filter(Call call) {
        @Nullable String product = call.parameter("product_id");
        @Nullable String gateway = call.parameter("gateway_id");
        @Nullable String cascade = call.parameter("is_cascade_query");
        @Nullable Instant from = time(call, "start_time");
        @Nullable Instant to = time(call, "end_time");
        if (from != null && to != null && from.isAfter(to)) {
            throw new Failed(new Failure.StartAfterEnd("start_time", "end_time"));
        }
        return new Filter(
                call.space(),
                product == null ? null : new ProductId(product),
                gateway == null ? null : DeviceFields.deviceId("gateway_id", gateway),
                cascade != null && Parameters.bool("is_cascade_query", cascade),
                call.parameter("node_id"),
                call.parameter("device_name"),
                from,
                // times are shown in whole seconds, and the last one counts whole
                to == null ? null : to.plusNanos(999_999_000));
    }

    private static @Nullable Instant time(Call call, String name) {
        @Nullable String text = call.parameter(name);
        return text == null ? null : Parameters.time(name, text);
    }

    private static DeviceId id(Call call) {
        return new DeviceId(call.segment("device_id"));
    }

    private static ObjectNode shape(DevicePage found) {
        return new Members()
                .list("devices", found.devices(), DeviceShape::summary)
                .put(
                        "page",
                        Paging.page(
                                found.devices(),
                                found.count(),
                                view -> view.device().recordId()))
                .node();
    }
}
