// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.RequestId;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Packet ids of the QoS 1 messages that the device has not acknowledged. An id is not used again while it is in here.
 * Belongs to one connection; takes next to no memory while nothing is in flight.
 */
final class Inflight {
    private static final int MAX_ID = 65_535;
    /** In sweeps. */
    private static final int MAX_WAIT = 60;

    private final int max;
    private int last;
    /** By packet id, oldest first. */
    private @Nullable LinkedHashMap<Integer, Sent> sent;

    /** @param since in sweeps */
    private record Sent(RequestId request, int since) {}

    /** @param max how many there may be at a time, less than 65,535 */
    Inflight(int max) {
        this.max = Math.min(max, MAX_ID - 1);
    }

    boolean isFull() {
        return sent != null && sent.size() >= max;
    }

    /** Whether the window is full of what the device will not acknowledge any more. */
    boolean isStuck(int now) {
        return sent != null && isFull() && now - sent.firstEntry().getValue().since() >= MAX_WAIT;
    }

    /** Takes the next free packet id; there must be room. */
    int take(RequestId request, int now) {
        if (isFull()) {
            throw new IllegalStateException("the window is full");
        }
        if (sent == null) {
            sent = new LinkedHashMap<>(4);
        }
        do {
            last = last == MAX_ID ? 1 : last + 1;
        } while (sent.containsKey(last));
        sent.put(last, new Sent(request, now));
        return last;
    }

    /** False for an id that is not in flight. */
    boolean acknowledged(int packetId) {
        if (sent == null || sent.remove(packetId) == null) {
            return false;
        }
        if (sent.isEmpty()) {
            sent = null;
        }
        return true;
    }

    boolean has(RequestId request) {
        return sent != null
                && sent.values().stream().anyMatch(one -> one.request().equals(request));
    }
}
