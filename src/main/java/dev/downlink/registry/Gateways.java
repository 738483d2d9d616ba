// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest.NotifyGateway;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.SessionRows;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has gateways told that what hangs below them was changed. What led to it is committed by then, and nobody waits for it: a
 * gateway that is not connected, or cannot be told, asks when it comes again (southbound §6).
 */
final class Gateways {
    private static final Logger LOGGER = LoggerFactory.getLogger(Gateways.class);

    private final Bus bus;
    private final Facts facts;

    Gateways(Bus bus, Facts facts) {
        this.bus = bus;
        this.facts = facts;
    }

    /** A device was registered, or is gone; nothing happens unless it is a sub-device. */
    void tell(Device device) {
        DeviceId parent = device.parent();
        if (parent != null) {
            var _ = facts.target(new FindTarget(device.project(), parent))
                    .onSuccess(target -> tell(target.connection(), false))
                    .onFailure(e -> notTold(parent, e));
        }
    }

    /** @param moved whether messages may have come or gone */
    void tell(DeviceId connection, boolean moved) {
        var _ = bus.ask(new SessionRows.SelectPresence(connection))
                .compose(found -> Optional.ofNullable(found.presence())
                        .flatMap(Presence::whereConnected)
                        .map(holder -> bus.ask(Address.holder(holder.address()), new NotifyGateway(connection, moved)))
                        .orElseGet(() -> Future.succeededFuture(Done.DONE)))
                .onFailure(e -> notTold(connection, e));
    }

    private static void notTold(DeviceId gateway, Throwable e) {
        if (e instanceof Failed failed && isGone(failed.failure())) {
            LOGGER.debug("gateway={} is not there to be told of its sub-devices", gateway);
        } else {
            LOGGER.warn("gateway={} not told of its sub-devices error={}", gateway, e.getMessage());
        }
    }

    private static boolean isGone(Failure failure) {
        return failure instanceof Failure.NotHere
                || failure instanceof Failure.NobodyThere
                || failure instanceof Failure.DeviceNotFound;
    }
}
