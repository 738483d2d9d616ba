// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.DeviceId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Connections that ended while delivery had not yet heard of all that they delivered: whoever serves the device next should
 * wait for that, a few seconds at most. Belongs to one verticle instance.
 */
final class Departures {
    /** In sweeps. */
    private static final int MAX_WAIT = 3;

    private final Map<DeviceId, Departure> latest = new HashMap<>();
    /** Oldest first. */
    private final Queue<Departure> all = new ArrayDeque<>();

    private record Departure(Promise<Void> over, int since) {}

    /** Completes with what is given, or when the time is over; and not before an earlier departure of the device does. */
    Future<Void> add(DeviceId device, Future<Void> settled, int now) {
        if (settled.isComplete() && !latest.containsKey(device)) {
            return settled;
        }
        Departure departure = new Departure(Promise.promise(), now);
        Future.join(of(device), settled).onComplete(_ -> departure.over.tryComplete());
        latest.put(device, departure);
        all.add(departure);
        return departure.over.future().onComplete(_ -> latest.remove(device, departure));
    }

    /** Completes when the device's connections that ended here have reported. */
    Future<Void> of(DeviceId device) {
        Departure departure = latest.get(device);
        return departure == null ? Future.succeededFuture() : departure.over.future();
    }

    boolean has(DeviceId device) {
        return latest.containsKey(device);
    }

    void expire(int now) {
        while (!all.isEmpty() && (all.element().over.future().isComplete() || now - all.element().since >= MAX_WAIT)) {
            all.remove().over.tryComplete();
        }
    }
}
