// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Incidents;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.SubDevice;
import dev.downlink.protocol.DeviceRequest.CreateDevice;
import dev.downlink.protocol.DeviceRequest.DeleteDevice;
import dev.downlink.protocol.DeviceRequest.DeviceView;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.RegistryRequest.Target;
import dev.downlink.protocol.SubDeviceRequest;
import dev.downlink.protocol.SubDeviceRequest.Added;
import dev.downlink.protocol.SubDeviceRequest.Addition;
import dev.downlink.protocol.SubDeviceRequest.Draft;
import dev.downlink.protocol.SubDeviceRequest.Outcome;
import dev.downlink.protocol.SubDeviceRequest.Outcomes;
import dev.downlink.protocol.SubDeviceRequest.Status;
import dev.downlink.protocol.SubDeviceRows;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What devices say of themselves and gateways of their sub-devices (southbound §2.7, §6), each only of its own. A gateway gets
 * an answer for every sub-device it names, so a failure of one is part of the answer.
 */
final class SubDevices {
    private static final AuthInfo AUTH = new AuthInfo(AuthInfo.Type.SECRET, null, null, null, null, false, 0);

    private final Bus bus;
    private final Facts facts;
    private final Registration registration;
    private final Devices devices;

    SubDevices(Bus bus, Facts facts, Registration registration, Devices devices) {
        this.bus = bus;
        this.facts = facts;
        this.registration = registration;
        this.devices = devices;
    }

    Answer<?> answer(SubDeviceRequest<?> request) {
        return switch (request) {
            case SubDeviceRequest.ReportVersions q -> Answer.to(q, versions(q));
            case SubDeviceRequest.ReportStatuses q -> Answer.to(q, statuses(q));
            case SubDeviceRequest.AddSubDevices q -> Answer.to(q, add(q));
            case SubDeviceRequest.DeleteSubDevices q -> Answer.to(q, delete(q));
            case SubDeviceRequest.FetchChanges q ->
                Answer.to(q, bus.ask(new SubDeviceRows.SelectChanges(q.connection(), q.after(), q.asked(), q.limit())));
        };
    }

    private Future<Done> versions(SubDeviceRequest.ReportVersions q) {
        return facts.relative(new FindRelative(q.connection(), q.device()))
                .compose(_ -> bus.ask(new SubDeviceRows.UpsertVersions(q.device(), q.versions())));
    }

    /** All at once, for they go in batches; those of one device keep their order. */
    private Future<Outcomes> statuses(SubDeviceRequest.ReportStatuses q) {
        List<Future<Outcome>> written = q.statuses().stream()
                .map(status -> outcome(status.device(), write(q.connection(), status)))
                .toList();
        return Future.all(written)
                .map(_ -> new Outcomes(written.stream().map(Future::result).toList()));
    }

    private Future<?> write(DeviceId connection, Status status) {
        return child(connection, status.device())
                .compose(_ -> bus.ask(new SubDeviceRows.UpsertChildStatus(status.device(), status.online())));
    }

    /** A device below the connection's own. */
    private Future<Target> child(DeviceId connection, DeviceId device) {
        return connection.equals(device)
                ? Future.failedFuture(new InvalidField("device_id", "must name a sub-device"))
                : facts.relative(new FindRelative(connection, device));
    }

    /** One after the other: one may be the parent of the next. */
    private Future<Added> add(SubDeviceRequest.AddSubDevices q) {
        return facts.relative(new FindRelative(q.connection(), q.connection()))
                .compose(gateway -> inTurn(q.drafts(), draft -> add(gateway.device(), draft)))
                .map(Added::new);
    }

    private Future<Addition> add(Device gateway, Draft draft) {
        DeviceId parent = draft.parent() == null ? gateway.id() : draft.parent();
        return facts.relative(new FindRelative(gateway.id(), parent))
                .compose(_ -> registration.register(registration(gateway, parent, draft)))
                .transform(result -> Future.succeededFuture(
                        result.succeeded()
                                ? new Addition(subDevice(result.result()), null)
                                : new Addition(null, failure(result.cause()))));
    }

    private static CreateDevice registration(Device gateway, DeviceId parent, Draft draft) {
        return new CreateDevice(
                gateway.project(),
                gateway.space(),
                draft.product(),
                draft.id(),
                draft.node(),
                parent,
                draft.name(),
                draft.description(),
                AUTH,
                draft.extensionInfo(),
                List.of());
    }

    private static SubDevice subDevice(DeviceView view) {
        Device device = view.device();
        return new SubDevice(
                device.id(),
                device.gateway().orElseThrow(),
                device.node(),
                device.product(),
                new SubDevice.Details(
                        device.name(), device.description(), view.reported(), view.status(), device.extensionInfo()));
    }

    private Future<Outcomes> delete(SubDeviceRequest.DeleteSubDevices q) {
        return inTurn(q.devices(), id -> outcome(id, delete(q.connection(), id)))
                .map(Outcomes::new);
    }

    private Future<?> delete(DeviceId connection, DeviceId id) {
        return child(connection, id)
                .compose(target ->
                        devices.delete(new DeleteDevice(target.device().project(), id)));
    }

    private static Future<Outcome> outcome(DeviceId device, Future<?> work) {
        return work.transform((_, e) -> Future.succeededFuture(new Outcome(device, e == null ? null : failure(e))));
    }

    private static Failure failure(Throwable e) {
        return switch (e) {
            case Failed failed -> failed.failure();
            case InvalidField invalid -> new Failure.Invalid(invalid.field(), invalid.why());
            default -> Incidents.failure(e, "sub-device");
        };
    }

    /** Nothing in here may fail. */
    private static <T, R> Future<List<R>> inTurn(List<T> all, Function<T, Future<R>> work) {
        Future<List<R>> results = Future.succeededFuture(new ArrayList<>(all.size()));
        for (T one : all) {
            results = results.compose(before -> work.apply(one).map(result -> {
                before.add(result);
                return before;
            }));
        }
        return results;
    }
}
