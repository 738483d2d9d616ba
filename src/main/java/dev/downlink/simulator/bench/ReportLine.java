// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.Fleet;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Lets devices report, one at a time, each until it is acknowledged. */
final class ReportLine implements Line {
    private static final String NOT_ACKNOWLEDGED = "not acknowledged";

    private final Fleet fleet;
    private final Context context;

    ReportLine(Fleet fleet, Context context) {
        this.fleet = fleet;
        this.context = context;
    }

    @Override
    public Future<Void> open() {
        return Future.succeededFuture();
    }

    /** A device may live on another event loop. */
    @Override
    public void send(int device, Ending ending) {
        fleet.report(device, acknowledged -> {
            String outcome = acknowledged ? OK : NOT_ACKNOWLEDGED;
            if (context.equals(Vertx.currentContext())) {
                ending.ended(outcome);
            } else {
                context.runOnContext(_ -> ending.ended(outcome));
            }
        });
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
