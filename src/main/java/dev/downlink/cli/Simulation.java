// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.Awaiting;
import dev.downlink.Logs;
import dev.downlink.Platform;
import dev.downlink.simulator.EventLoops;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;

/** The event loops of a command that simulates devices or callers. Blocks while it opens and closes. */
final class Simulation implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final List<Context> loops;

    private Simulation(Vertx vertx, List<Context> loops) {
        this.vertx = vertx;
        this.loops = loops;
    }

    static Simulation open() {
        Logs.quiet();
        Vertx vertx = Platform.ofLoops(Platform.loops());
        return new Simulation(vertx, Awaiting.await(EventLoops.take(vertx, Platform.loops()), LIMIT));
    }

    Vertx vertx() {
        return vertx;
    }

    List<Context> loops() {
        return loops;
    }

    @Override
    public void close() {
        var _ = Awaiting.await(vertx.close(), LIMIT);
    }
}
