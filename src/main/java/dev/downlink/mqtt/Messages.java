// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.DeviceId;
import dev.downlink.protocol.AdapterRequest.DeliverMessage;
import dev.downlink.protocol.AdapterRequest.WakeConnection;
import dev.downlink.protocol.AdapterRequest.WithdrawMessage;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Durable messages as far as they concern a whole verticle instance, to which this belongs. */
final class Messages {
    /** Connections that look into the table in one second, after a node died. */
    private static final int LOOKS_PER_SECOND = 500;

    private final Adapter adapter;
    private final Queue<DeviceConnection> toLook = new ArrayDeque<>();

    Messages(Adapter adapter) {
        this.adapter = adapter;
    }

    /** The session table names this instance before the device's connection is open here. */
    Future<Done> deliver(DeliverMessage q) {
        return with(q.message().key().connection(), courier -> courier.offer(q));
    }

    Future<Done> wake(WakeConnection q) {
        return with(q.connection(), Courier::look);
    }

    Done withdraw(WithdrawMessage q) {
        adapter.connections()
                .find(q.key().connection())
                .ifPresent(c -> c.courier().withdraw(q.key()));
        return Done.DONE;
    }

    private Future<Done> with(DeviceId device, Consumer<Courier> what) {
        Connections connections = adapter.connections();
        Future<Void> arrived = connections.isArriving(device) ? connections.arrival(device) : Future.succeededFuture();
        return arrived.map(_ -> {
            what.accept(connections
                    .find(device)
                    .orElseThrow(() -> new Failed(new Failure.NotHere(device)))
                    .courier());
            return Done.DONE;
        });
    }

    /** A node died that may have stored messages and told nobody: every connection is to look once. */
    void nodeLeft() {
        toLook.clear();
        toLook.addAll(adapter.connections().open());
    }

    void sweep() {
        for (int i = 0; i < LOOKS_PER_SECOND && !toLook.isEmpty(); i++) {
            DeviceConnection connection = toLook.remove();
            if (!connection.isClosed()) {
                connection.courier().look();
            }
        }
    }
}
