// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.DeviceRequest.ChangeGateway;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SubDeviceRows;
import dev.downlink.protocol.SubDeviceRows.Moved;
import io.vertx.core.Future;

/** Sub-devices that get another gateway (northbound §1.2). */
final class Moves {
    private final Bus bus;
    private final Changes changes;
    private final Gateways gateways;

    Moves(Bus bus, Changes changes, Gateways gateways) {
        this.bus = bus;
        this.changes = changes;
        this.gateways = gateways;
    }

    Future<Done> move(ChangeGateway q) {
        return Retry.onConflict(() -> look(q), this::move);
    }

    private Future<Seen> look(ChangeGateway q) {
        Future<Device> device = device(q.id(), q.project());
        Future<Device> gateway = device(q.gateway(), q.project());
        return Future.all(device, gateway)
                .compose(_ -> Future.all(count(q.id()), count(q.gateway())))
                .compose(counts -> above(gateway.result(), q.project())
                        .map(tooFar -> new Seen(
                                device.result(),
                                gateway.result(),
                                tooFar,
                                counts.<DeviceRows.Count>resultAt(0).count(),
                                counts.<DeviceRows.Count>resultAt(1).count())));
    }

    /** Whether the device is two levels below its gateway, so that nothing can hang under it. */
    private Future<Boolean> above(Device device, ProjectId project) {
        DeviceId parent = device.parent();
        return parent == null
                ? Future.succeededFuture(false)
                : device(parent, project).map(above -> !above.connectsByItself());
    }

    private Future<DeviceRows.Count> count(DeviceId gateway) {
        return bus.ask(new DeviceRows.CountChildren(gateway));
    }

    private Future<Device> device(DeviceId id, ProjectId project) {
        return bus.ask(new DeviceRows.SelectDevice(id)).map(found -> Fence.check(found.device(), project));
    }

    private Future<Done> move(Seen seen) {
        if (seen.check()) {
            return Future.succeededFuture(Done.DONE);
        }
        return bus.ask(new SubDeviceRows.MoveDevice(seen.device, seen.children > 0, seen.gateway))
                .map(moved -> {
                    tell(seen.device, moved);
                    return Done.DONE;
                });
    }

    /** Of what is below the device nothing is remembered that is not true any more: only its own row has changed. */
    private void tell(Device device, Moved moved) {
        changes.device(device.id());
        boolean elsewhere = !moved.from().equals(moved.to());
        gateways.tell(moved.to(), elsewhere);
        if (elsewhere) {
            gateways.tell(moved.from(), true);
        }
    }

    /**
     * @param tooFar whether nothing can hang under the gateway
     * @param children how many there are below the device
     * @param siblings how many there are below the gateway
     */
    private record Seen(Device device, Device gateway, boolean tooFar, long children, long siblings) {

        /** Whether it is as it should be already. */
        boolean check() {
            if (device.connectsByItself()) {
                throw new InvalidField("device_id", "must name a sub-device");
            }
            if (gateway.id().equals(device.id()) || device.id().equals(gateway.parent())) {
                throw new InvalidField("gateway_id", "must not name the device itself or one below it");
            }
            if (tooFar || (children > 0 && !gateway.connectsByItself())) {
                throw new InvalidField(
                        "gateway_id",
                        "must not name a device under which there would be more than " + Depth.MAX + " levels");
            }
            if (gateway.id().equals(device.parent())) {
                return true;
            }
            if (siblings >= Depth.MAX_CHILDREN) {
                throw new Failed(new Failure.LimitReached("sub-devices of a gateway", Depth.MAX_CHILDREN));
            }
            return false;
        }
    }
}
