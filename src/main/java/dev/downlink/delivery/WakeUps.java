// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Bus;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest.WakeConnection;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.SessionRows.SelectPresence;
import dev.downlink.telemetry.Amount;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Connections whose adapter has to be told that messages wait in the table, because it could not be told at once. What does
 * not fit is counted and left to the next sign of life of the device, upon which its adapter looks by itself. Belongs to
 * one thread.
 */
final class WakeUps {
    private static final int MAX = 10_000;
    private static final int AT_A_TIME = 256;

    private final Bus bus;
    private final Amount lost;
    private final Set<DeviceId> connections = new LinkedHashSet<>();

    WakeUps(Bus bus, Amount lost) {
        this.bus = bus;
        this.lost = lost;
    }

    void add(DeviceId connection) {
        if (connections.size() < MAX) {
            connections.add(connection);
        } else {
            lost.one();
        }
    }

    /** Whether an earlier message for this connection is still to be told of, which a later one must not overtake. */
    boolean has(DeviceId connection) {
        return connections.contains(connection);
    }

    /** Tells those that have waited longest. Fails when one cannot be told; it stays. */
    Future<?> work() {
        List<Future<?>> told = new ArrayList<>();
        for (DeviceId connection : connections.stream().limit(AT_A_TIME).toList()) {
            connections.remove(connection);
            told.add(wake(connection).onFailure(_ -> add(connection)));
        }
        return Future.join(told);
    }

    private Future<?> wake(DeviceId connection) {
        return bus.ask(new SelectPresence(connection))
                .compose(found -> Optional.ofNullable(found.presence())
                        .flatMap(Presence::whereConnected)
                        .<Future<?>>map(holder -> bus.ask(
                                        Address.holder(holder.address()), new WakeConnection(connection))
                                .recover(
                                        e -> Handover.isNotHere(e) ? Future.succeededFuture() : Future.failedFuture(e)))
                        .orElseGet(Future::succeededFuture));
    }
}
