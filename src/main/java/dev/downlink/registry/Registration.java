// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.AuthInfo;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceStatus;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Product;
import dev.downlink.model.RecordId;
import dev.downlink.model.Versions;
import dev.downlink.protocol.DeviceRequest.CreateDevice;
import dev.downlink.protocol.DeviceRequest.DeviceView;
import dev.downlink.protocol.DeviceRows;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ProductRequest.ProductView;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The steps by which a device is registered (northbound §1.2, §1.3). */
final class Registration {
    private final Bus bus;
    private final Products products;
    private final InstantSource clock;

    Registration(Bus bus, Products products, InstantSource clock) {
        this.bus = bus;
        this.products = products;
        this.clock = clock;
    }

    /** Announces nothing: that a device is absent is kept in no memory. */
    Future<DeviceView> register(CreateDevice q) {
        return products.find(q.project(), q.space(), q.product())
                .compose(product -> checkGateway(q).compose(_ -> insert(q, product)));
    }

    private Future<?> checkGateway(CreateDevice q) {
        DeviceId gateway = q.gateway();
        return gateway == null
                ? Future.succeededFuture()
                : device(gateway, q).compose(parent -> checkDepth(q, parent)).compose(_ -> checkRoom(gateway));
    }

    /** A gateway that is itself two levels down cannot have children. */
    private Future<?> checkDepth(CreateDevice q, Device parent) {
        DeviceId above = parent.parent();
        return above == null ? Future.succeededFuture() : device(above, q).map(Registration::directlyConnected);
    }

    private static Device directlyConnected(Device device) {
        if (!device.connectsByItself()) {
            throw new InvalidField(
                    "gateway_id", "must not name a device that is " + Depth.MAX + " levels below its gateway");
        }
        return device;
    }

    private Future<?> checkRoom(DeviceId gateway) {
        return bus.ask(new DeviceRows.CountChildren(gateway)).map(children -> {
            if (children.count() >= Depth.MAX_CHILDREN) {
                throw new Failed(new Failure.LimitReached("sub-devices of a gateway", Depth.MAX_CHILDREN));
            }
            return children;
        });
    }

    private Future<Device> device(DeviceId id, CreateDevice q) {
        return bus.ask(new DeviceRows.SelectDevice(id)).map(found -> Fence.check(found.device(), q.project()));
    }

    private Future<DeviceView> insert(CreateDevice q, ProductView view) {
        Device device = device(q, view.product(), clock.instant());
        return bus.ask(new DeviceRows.InsertDevice(device, FirstShadow.of(view.product(), q.shadow())))
                .map(_ -> new DeviceView(
                        device,
                        view.product().name(),
                        view.spaceName(),
                        null,
                        DeviceStatus.INACTIVE,
                        List.of(),
                        Versions.UNKNOWN,
                        null));
    }

    private static Device device(CreateDevice q, Product product, Instant now) {
        return new Device(
                RecordId.next(now),
                q.project(),
                product.space(),
                product.id(),
                q.id() == null ? Device.defaultId(product.id(), q.node()) : q.id(),
                q.node(),
                q.gateway(),
                q.name(),
                q.description(),
                withSecret(q.auth()),
                q.extensionInfo(),
                false,
                now,
                1);
    }

    private static AuthInfo withSecret(AuthInfo auth) {
        boolean needsOne = auth.type() == AuthInfo.Type.SECRET && auth.secret() == null;
        return needsOne ? auth.withSecret(AuthInfo.Slot.PRIMARY, Fresh.deviceSecret()) : auth;
    }
}
