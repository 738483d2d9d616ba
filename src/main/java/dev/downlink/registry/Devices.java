// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Answer;
import dev.downlink.bus.Bus;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Text;
import dev.downlink.protocol.AdapterRequest.CloseConnection.Why;
import dev.downlink.protocol.DeviceRequest;
import dev.downlink.protocol.DeviceRequest.DeviceView;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Registered devices (northbound §1.2): shown, changed, frozen, deleted. */
final class Devices {
    private final Bus bus;
    private final Registration registration;
    private final Searches searches;
    private final Connections connections;
    private final Changes changes;
    private final Gateways gateways;
    private final Moves moves;

    Devices(Bus bus, Registration registration, Changes changes, Gateways gateways) {
        this.bus = bus;
        this.registration = registration;
        this.changes = changes;
        searches = new Searches(bus);
        this.gateways = gateways;
        moves = new Moves(bus, changes, gateways);
        connections = new Connections(bus);
    }

    Answer<?> answer(DeviceRequest<?> request) {
        return switch (request) {
            case DeviceRequest.CreateDevice q -> Answer.to(q, create(q));
            case DeviceRequest.ShowDevice q -> Answer.to(q, show(q.project(), q.id()));
            case DeviceRequest.UpdateDevice q -> Answer.to(q, change(q.project(), q.id(), d -> updated(d, q)));
            case DeviceRequest.DeleteDevice q -> Answer.to(q, deleteAndTell(q));
            case DeviceRequest.FreezeDevice q -> Answer.to(q, freeze(q));
            case DeviceRequest.UnfreezeDevice q -> Answer.to(q, unfreeze(q));
            case DeviceRequest.ResetSecret q -> Answer.to(q, resetSecret(q));
            case DeviceRequest.ResetFingerprint q -> Answer.to(q, resetFingerprint(q));
            case DeviceRequest.ChangeGateway q -> Answer.to(q, moves.move(q));
            case DeviceRequest.LearnFingerprint q -> Answer.to(q, learn(q));
            case DeviceRequest.SearchDevices q -> Answer.to(q, searches.search(q));
        };
    }

    private Future<DeviceView> create(DeviceRequest.CreateDevice q) {
        return registration.register(q).onSuccess(view -> gateways.tell(view.device()));
    }

    private Future<DeviceView> show(ProjectId project, DeviceId id) {
        return bus.ask(new DeviceRows.SelectDeviceView(id)).map(view -> {
            Device _ = Fence.check(view.device(), project);
            return view;
        });
    }

    private Future<DeviceView> change(ProjectId project, DeviceId id, UnaryOperator<Device> change) {
        return Retry.onConflict(
                () -> show(project, id),
                view -> write(change.apply(view.device())).map(device -> view.with(device)));
    }

    /** The device as it is in the table after that. */
    private Future<Device> write(Device device) {
        return bus.ask(new DeviceRows.UpdateDeviceRow(device)).map(_ -> {
            changes.device(device.id());
            return written(device);
        });
    }

    private static Device written(Device device) {
        return new Device(
                device.recordId(),
                device.project(),
                device.space(),
                device.product(),
                device.id(),
                device.node(),
                device.parent(),
                device.name(),
                device.description(),
                device.auth(),
                device.extensionInfo(),
                device.frozen(),
                device.created(),
                device.version() + 1);
    }

    private static Device updated(Device old, DeviceRequest.UpdateDevice q) {
        AuthInfo auth = old.auth();
        return new Device(
                old.recordId(),
                old.project(),
                old.space(),
                old.product(),
                old.id(),
                old.node(),
                old.parent(),
                q.name() == null ? old.name() : q.name(),
                q.description() == null ? old.description() : q.description(),
                new AuthInfo(
                        auth.type(),
                        auth.secret(),
                        auth.secondarySecret(),
                        auth.fingerprint(),
                        auth.secondaryFingerprint(),
                        q.secureAccess() == null ? auth.secureAccess() : q.secureAccess(),
                        q.timeoutSeconds() == null ? auth.timeoutSeconds() : q.timeoutSeconds()),
                q.extensionInfo() == null ? old.extensionInfo() : q.extensionInfo(),
                old.frozen(),
                old.created(),
                old.version());
    }

    private Future<Done> deleteAndTell(DeviceRequest.DeleteDevice q) {
        return show(q.project(), q.id()).compose(view -> delete(q).onSuccess(_ -> gateways.tell(view.device())));
    }

    /** Of a device that is known to be the project's; tells no gateway. The holder is looked up before, because the session goes with the device. */
    Future<Done> delete(DeviceRequest.DeleteDevice q) {
        return connections
                .holder(q.id())
                .compose(holder -> bus.ask(new DeviceRows.DeleteDeviceRow(q.id()))
                        .onSuccess(_ -> changes.device(q.id()))
                        .compose(_ -> connections.close(q.id(), holder, Why.DELETED)));
    }

    private Future<Done> freeze(DeviceRequest.FreezeDevice q) {
        return change(q.project(), q.id(), Devices::frozen).compose(_ -> connections.close(q.id(), Why.FROZEN));
    }

    private static Device frozen(Device device) {
        if (!device.connectsByItself()) {
            throw new Failed(new Failure.DeviceIsSubDevice(device.id()));
        }
        if (device.frozen()) {
            throw new Failed(new Failure.AlreadyFrozen(device.id()));
        }
        return device.withFrozen(true);
    }

    private Future<Done> unfreeze(DeviceRequest.UnfreezeDevice q) {
        return change(q.project(), q.id(), Devices::unfrozen).map(_ -> Done.DONE);
    }

    private static Device unfrozen(Device device) {
        if (!device.frozen()) {
            throw new Failed(new Failure.NotFrozen(device.id()));
        }
        return device.withFrozen(false);
    }

    private Future<DeviceView> resetSecret(DeviceRequest.ResetSecret q) {
        var secret = q.secret() == null ? Fresh.deviceSecret() : q.secret();
        return change(q.project(), q.id(), d -> d.withAuth(d.auth().withSecret(q.slot(), secret)))
                .compose(view -> disconnected(view, q.forceDisconnect()));
    }

    private Future<DeviceView> resetFingerprint(DeviceRequest.ResetFingerprint q) {
        return change(q.project(), q.id(), d -> d.withAuth(d.auth().withFingerprint(q.slot(), q.fingerprint())))
                .compose(view -> disconnected(view, q.forceDisconnect()));
    }

    private Future<DeviceView> disconnected(DeviceView view, boolean force) {
        return force
                ? connections.close(view.device().id(), Why.CREDENTIALS_CHANGED).map(_ -> view)
                : Future.succeededFuture(view);
    }

    private Future<Done> learn(DeviceRequest.LearnFingerprint q) {
        String fingerprint = Text.hex("fingerprint", q.fingerprint(), 40, 64).toLowerCase(Locale.ROOT);
        return Retry.onConflict(
                () -> bus.ask(new DeviceRows.SelectDevice(q.id())), found -> learn(found.device(), fingerprint));
    }

    private Future<Done> learn(Device device, String fingerprint) {
        AuthInfo auth = device.auth();
        if (auth.type() != AuthInfo.Type.CERTIFICATES) {
            throw new Failed(new Failure.Forbidden("the device does not log in with a certificate"));
        }
        if (auth.fingerprint() == null) {
            return write(device.withAuth(auth.withFingerprint(AuthInfo.Slot.PRIMARY, fingerprint)))
                    .map(_ -> Done.DONE);
        }
        if (auth.fingerprint().equals(fingerprint)) {
            return Future.succeededFuture(Done.DONE);
        }
        throw new Failed(
                new Failure.Conflict("fingerprint of device", device.id().value()));
    }
}
