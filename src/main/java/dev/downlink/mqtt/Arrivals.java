// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.DeviceId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a device that is coming in: the session table already says that it is here. Bounded per device, and in time
 * by the sweep. Belongs to one verticle instance.
 */
final class Arrivals {
    private static final int MAX_PER_DEVICE = 100;
    /** In sweeps; ends before the patience of who asked does. */
    private static final int MAX_WAIT = 3;

    private final Map<DeviceId, Deque<Waiter>> waiting = new HashMap<>();

    private record Waiter(Promise<Void> arrived, int since) {}

    /** Fails with {@link Failure.DeviceCongested} when too many wait. */
    Future<Void> await(DeviceId device, int now) {
        Deque<Waiter> of = waiting.computeIfAbsent(device, _ -> new ArrayDeque<>(1));
        if (of.size() >= MAX_PER_DEVICE) {
            throw new Failed(new Failure.DeviceCongested(device));
        }
        Waiter waiter = new Waiter(Promise.promise(), now);
        of.add(waiter);
        return waiter.arrived.future();
    }

    /** The device is here, or it is not and nobody comes. */
    void settle(DeviceId device) {
        @Nullable Deque<Waiter> of = waiting.remove(device);
        if (of != null) {
            of.forEach(waiter -> waiter.arrived.complete());
        }
    }

    /** Lets those go who have waited too long, to see for themselves. */
    void expire(int now) {
        Deque<Waiter> late = new ArrayDeque<>();
        waiting.values().removeIf(of -> {
            while (!of.isEmpty() && now - of.element().since >= MAX_WAIT) {
                late.add(of.remove());
            }
            return of.isEmpty();
        });
        late.forEach(waiter -> waiter.arrived.complete());
    }
}
