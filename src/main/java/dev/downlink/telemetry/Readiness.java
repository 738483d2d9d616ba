// SPDX-License-Identifier: Apache-2.0
package dev.downlink.telemetry;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the process still takes new work. A stop is announced here before anything is closed, so that load balancers look
 * away in time and doors let nobody in who would have to leave at once. One per Vert.x instance, safe for all threads.
 */
public final class Readiness implements Shareable {
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile boolean stopping;

    private Readiness() {}

    public static Readiness of(Vertx vertx) {
        return (Readiness) vertx.sharedData()
                .<String, Shareable>getLocalMap("downlink")
                .computeIfAbsent("readiness", _ -> new Readiness());
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Runs something on the caller's own context as soon as a stop begins. */
    public synchronized void onStop(Vertx vertx, Runnable action) {
        Context context = vertx.getOrCreateContext();
        listeners.add(() -> context.runOnContext(_ -> action.run()));
        if (stopping) {
            context.runOnContext(_ -> action.run());
        }
    }

    public synchronized void stop() {
        if (!stopping) {
            stopping = true;
            listeners.forEach(Runnable::run);
        }
    }
}
