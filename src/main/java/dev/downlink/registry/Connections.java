// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.AdapterRequest.CloseConnection.Why;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.SessionRows;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections of devices that may not have one any more. What led to it is committed by then, so a close that fails is
 * logged and the change still succeeds.
 */
final class Connections {
    private static final Logger LOGGER = LoggerFactory.getLogger(Connections.class);

    /** Less than the patience of whoever asked for the change. */
    private static final long MAX_WAIT_SECONDS = 2;

    private final Bus bus;

    Connections(Bus bus) {
        this.bus = bus;
    }

    /** Who holds the device's connection; empty too when that cannot be found out. */
    Future<Optional<Presence.Holder>> holder(DeviceId device) {
        return bus.ask(new SessionRows.SelectPresence(device))
                .map(found -> Optional.ofNullable(found.presence()).flatMap(Presence::whereConnected))
                .otherwise(e -> {
                    LOGGER.warn(
                            "connection not looked up, it may stay open device={} error={}", device, e.getMessage());
                    return Optional.empty();
                });
    }

    Future<Done> close(DeviceId device, Why why) {
        return holder(device).compose(holder -> close(device, holder, why));
    }

    /** Never fails. */
    Future<Done> close(DeviceId device, Optional<Presence.Holder> holder, Why why) {
        return holder.map(h -> bus.ask(Address.holder(h.address()), new CloseConnection(device, h.epoch(), why))
                        .timeout(MAX_WAIT_SECONDS, TimeUnit.SECONDS)
                        .otherwise(e -> notClosed(device, e)))
                .orElseGet(() -> Future.succeededFuture(Done.DONE));
    }

    private static Done notClosed(DeviceId device, Throwable e) {
        if (e instanceof Failed failed && isGone(failed.failure())) {
            LOGGER.debug("nothing to close device={} error={}", device, e.getMessage());
        } else {
            LOGGER.warn("connection not closed device={} error={}", device, e.getMessage());
        }
        return Done.DONE;
    }

    private static boolean isGone(Failure failure) {
        return failure instanceof Failure.NotHere
                || failure instanceof Failure.NoAnswer
                || failure instanceof Failure.NobodyThere;
    }
}
