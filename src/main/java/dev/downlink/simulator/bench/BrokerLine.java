// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.Future;

/** Commands over a connection to a broker that several lines share; whoever made the connection closes it. */
record BrokerLine(BrokerConnection connection) implements Line {
    @Override
    public Future<Void> open() {
        return Future.succeededFuture();
    }

    @Override
    public void send(int device, Ending ending) {
        connection.call(device, ending);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
