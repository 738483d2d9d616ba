// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import dev.downlink.model.DeviceId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many calls may wait, for one device and in all. Shared by a node's correlator instances, safe for all threads. */
final class Quota {
    private final int maxTotal;
    private final int maxPerDevice;
    private final AtomicInteger total = new AtomicInteger();
    private final ConcurrentMap<DeviceId, Integer> perDevice = new ConcurrentHashMap<>();

    Quota(int maxTotal, int maxPerDevice) {
        this.maxTotal = maxTotal;
        this.maxPerDevice = maxPerDevice;
    }

    /** @throws Failed with {@link Failure.TooManyCalls} or {@link Failure.Busy} when there is no place left */
    void take(DeviceId device) {
        if (total.incrementAndGet() > maxTotal) {
            total.decrementAndGet();
            throw new Failed(new Failure.Busy("correlator"));
        }
        if (perDevice.merge(device, 1, Integer::sum) > maxPerDevice) {
            giveBack(device);
            throw new Failed(new Failure.TooManyCalls(device, maxPerDevice));
        }
    }

    void giveBack(DeviceId device) {
        total.decrementAndGet();
        perDevice.computeIfPresent(device, (_, count) -> count == 1 ? null : count - 1);
    }

    int waiting() {
        return total.get();
    }
}
