// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import java.util.concurrent.atomic.AtomicInteger;

/** How many calls may wait, for one device and in all. Shared by a node's correlator instances, safe for all threads. */
final class Quota {
    private final int maxTotal;
    private final int maxPerDevice;
    private final AtomicInteger total = new AtomicInteger();
    /** Gone as soon as nobody holds them: neither a call nor what is remembered of the device. */
    private final Cache<DeviceId, AtomicInteger> perDevice =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    Quota(int maxTotal, int maxPerDevice) {
        this.maxTotal = maxTotal;
        this.maxPerDevice = maxPerDevice;
    }

    /** Of the calls to a device that wait. */
    AtomicInteger of(DeviceId device) {
        return perDevice.get(device, _ -> new AtomicInteger());
    }

    /** @throws Failed with {@link Failure.TooManyCalls} or {@link Failure.Busy} when there is no place left */
    void take(DeviceId device, AtomicInteger calls) {
        if (total.incrementAndGet() > maxTotal) {
            total.decrementAndGet();
            throw new Failed(new Failure.Busy("correlator"));
        }
        if (calls.incrementAndGet() > maxPerDevice) {
            giveBack(calls);
            throw new Failed(new Failure.TooManyCalls(device, maxPerDevice));
        }
    }

    void giveBack(AtomicInteger calls) {
        total.decrementAndGet();
        calls.decrementAndGet();
    }

    int waiting() {
        return total.get();
    }
}
