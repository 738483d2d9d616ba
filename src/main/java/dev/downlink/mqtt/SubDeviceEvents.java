// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Json;
import dev.downlink.model.NodeName;
import dev.downlink.model.ProductId;
import dev.downlink.protocol.AdapterRequest.NotifyGateway;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SubDeviceRequest;
import dev.downlink.protocol.SubDeviceRequest.AddSubDevices;
import dev.downlink.protocol.SubDeviceRequest.Added;
import dev.downlink.protocol.SubDeviceRequest.Addition;
import dev.downlink.protocol.SubDeviceRequest.DeleteSubDevices;
import dev.downlink.protocol.SubDeviceRequest.Draft;
import dev.downlink.protocol.SubDeviceRequest.Outcome;
import dev.downlink.protocol.SubDeviceRequest.Outcomes;
import dev.downlink.protocol.SubDeviceRequest.ReportStatuses;
import dev.downlink.protocol.SubDeviceRequest.Status;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What gateways say of their sub-devices, and what they are told of them (southbound §2.7, §6). Each request is answered, with
 * the sub-devices that could not be served among those that failed. Belongs to one verticle instance.
 */
final class SubDeviceEvents {
    private static final String DEVICES = "devices";

    private final Adapter adapter;
    private final EventsDown down;

    SubDeviceEvents(Adapter adapter, EventsDown down) {
        this.adapter = adapter;
        this.down = down;
    }

    /** The list of what hangs below a connection was changed. The connection may still be coming in. */
    Future<Done> changed(NotifyGateway q) {
        Connections connections = adapter.connections();
        Future<Void> arrived =
                connections.isArriving(q.connection()) ? connections.arrival(q.connection()) : Future.succeededFuture();
        return arrived.map(_ -> {
            DeviceConnection connection =
                    connections.find(q.connection()).orElseThrow(() -> new Failed(new Failure.NotHere(q.connection())));
            if (q.moved()) {
                connection.courier().startOver();
                connection.askWhatIsWanted();
            }
            news(connection).read();
            return Done.DONE;
        });
    }

    private ChildNews news(DeviceConnection connection) {
        return connection.session().news(() -> new ChildNews(connection, adapter, down));
    }

    /** A gateway says which version of its list it has. */
    void sync(DeviceConnection connection, EventParas paras) throws IOException {
        news(connection).know(Math.max(0, paras.number("version")));
    }

    // on line and off line

    Future<?> report(DeviceConnection connection, @Nullable String event, EventParas paras) throws IOException {
        Result result = new Result();
        List<Status> statuses = new ArrayList<>();
        for (EventParas one : paras.objects("device_statuses", ReportStatuses.MAX)) {
            @Nullable String id = one.text("device_id");
            @Nullable String status = one.text("status");
            try {
                statuses.add(new Status(device(id), isOnline(status)));
            } catch (InvalidField e) {
                result.failed(id, e);
            }
        }
        return ask(connection, new ReportStatuses(connection.session().device(), statuses))
                .otherwise(e -> none(statuses.stream().map(Status::device).toList(), e))
                .compose(outcomes -> {
                    for (int i = 0; i < statuses.size(); i++) {
                        Outcome outcome = outcomes.all().get(i);
                        if (outcome.failure() == null) {
                            result.successful.add(id(outcome.device())
                                    .put("status", statuses.get(i).online() ? "ONLINE" : "OFFLINE"));
                        } else {
                            result.failed(outcome);
                        }
                    }
                    return answer(connection, "sub_device_update_status_response", event, result);
                });
    }

    private static boolean isOnline(@Nullable String status) {
        return switch (status) {
            case "ONLINE" -> true;
            case "OFFLINE" -> false;
            case null, default -> throw new InvalidField("status", "must be ONLINE or OFFLINE");
        };
    }

    private static DeviceId device(@Nullable String id) {
        return new DeviceId(Objects.requireNonNullElse(id, ""));
    }

    // registered by the gateway

    Future<?> add(DeviceConnection connection, @Nullable String event, EventParas paras) throws IOException {
        Result result = new Result();
        List<Draft> drafts = new ArrayList<>();
        for (EventParas one : paras.objects(DEVICES, AddSubDevices.MAX)) {
            @Nullable String node = one.text("node_id");
            @Nullable String product = one.text("product_id");
            try {
                drafts.add(draft(one, node, product));
            } catch (InvalidField e) {
                result.failed(node, product, new Failure.Invalid(e.field(), e.why()));
            }
        }
        return ask(connection, new AddSubDevices(connection.session().device(), drafts))
                .otherwise(e -> new Added(
                        drafts.stream().map(_ -> new Addition(null, failure(e))).toList()))
                .compose(added -> {
                    for (int i = 0; i < drafts.size(); i++) {
                        result.add(drafts.get(i), added.all().get(i));
                    }
                    return answer(connection, "add_sub_device_response", event, result);
                });
    }

    private static Draft draft(EventParas one, @Nullable String node, @Nullable String product) throws IOException {
        @Nullable String parent = one.text("parent_device_id");
        @Nullable String id = one.text("device_id");
        return new Draft(
                parent == null ? null : device(parent),
                new NodeName(Objects.requireNonNullElse(node, "")),
                id == null ? null : device(id),
                one.text("name"),
                one.text("description"),
                new ProductId(Objects.requireNonNullElse(product, "")),
                extensionInfo(one).orElse(null));
    }

    private static Optional<Json> extensionInfo(EventParas one) throws IOException {
        Optional<Json> json = one.json("extension_info");
        if (json.filter(j -> !j.text().startsWith("{")
                        || j.text().getBytes(StandardCharsets.UTF_8).length > Device.MAX_EXTENSION_INFO)
                .isPresent()) {
            throw new InvalidField("extension_info", "must be an object of at most 1 KB");
        }
        return json;
    }

    // deleted by the gateway

    Future<?> delete(DeviceConnection connection, @Nullable String event, EventParas paras) throws IOException {
        Result result = new Result();
        List<DeviceId> devices = new ArrayList<>();
        for (String id : paras.texts(DEVICES, DeleteSubDevices.MAX)) {
            try {
                devices.add(device(id));
            } catch (InvalidField e) {
                result.failed(id, e);
            }
        }
        return ask(connection, new DeleteSubDevices(connection.session().device(), devices))
                .otherwise(e -> none(devices, e))
                .compose(outcomes -> {
                    for (Outcome outcome : outcomes.all()) {
                        if (outcome.failure() == null) {
                            result.successful.add(outcome.device().value());
                        } else {
                            result.failed(outcome);
                        }
                    }
                    return answer(connection, "delete_sub_device_response", event, result);
                });
    }

    // answers

    private <R extends Record> Future<R> ask(DeviceConnection connection, SubDeviceRequest<R> request) {
        return connection.isClosed()
                ? Future.failedFuture(
                        new Failed(new Failure.NotHere(connection.session().device())))
                : adapter.bus().ask(request);
    }

    private static Outcomes none(List<DeviceId> devices, Throwable e) {
        return new Outcomes(
                devices.stream().map(id -> new Outcome(id, failure(e))).toList());
    }

    /** All that is asked fails with one of the table. */
    private static Failure failure(Throwable e) {
        return e instanceof Failed failed ? failed.failure() : new Failure.StorageUnavailable();
    }

    private static ObjectNode id(DeviceId device) {
        return EventsDown.object().put("device_id", device.value());
    }

    /** That it does not arrive is no reason to ask the gateway for more. */
    private Future<?> answer(DeviceConnection connection, String type, @Nullable String event, Result result) {
        return down.send(connection, ChildNews.SERVICE, type, event, result.paras)
                .otherwiseEmpty();
    }

    /** The two lists of an answer. */
    private static final class Result {
        final ObjectNode paras = EventsDown.object();
        final ArrayNode successful = paras.putArray("successful_devices");
        private final ArrayNode failed = paras.putArray("failed_devices");

        void failed(@Nullable String device, InvalidField e) {
            failed.add(SubDeviceShape.failed(
                    EventsDown.object().put("device_id", device), new Failure.Invalid(e.field(), e.why())));
        }

        void failed(Outcome outcome) {
            if (outcome.failure() != null) {
                failed.add(SubDeviceShape.failed(id(outcome.device()), outcome.failure()));
            }
        }

        void failed(@Nullable String node, @Nullable String product, Failure failure) {
            failed.add(SubDeviceShape.failed(
                    EventsDown.object().put("node_id", node).put("product_id", product), failure));
        }

        void add(Draft draft, Addition addition) {
            if (addition.device() != null) {
                successful.add(SubDeviceShape.device(addition.device()));
            } else if (addition.failure() != null) {
                failed(draft.node().value(), draft.product().value(), addition.failure());
            }
        }
    }
}
