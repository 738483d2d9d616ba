// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.RequestId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Packet ids of the QoS 1 messages that the device has not acknowledged. An id is not used again while it is in here.
 * Belongs to one connection; takes next to no memory while nothing is in flight.
 */
final class Inflight {
    private static final int MAX_ID = 65_535;

    private final int max;
    private int last;
    private @Nullable Map<Integer, RequestId> sent;

    /** @param max how many there may be at a time, less than 65,535 */
    Inflight(int max) {
        this.max = Math.min(max, MAX_ID - 1);
    }

    boolean isFull() {
        return sent != null && sent.size() >= max;
    }

    /** Takes the next free packet id; there must be room. */
    int take(RequestId request) {
        if (isFull()) {
            throw new IllegalStateException("the window is full");
        }
        if (sent == null) {
            sent = new HashMap<>(4);
        }
        do {
            last = last == MAX_ID ? 1 : last + 1;
        } while (sent.containsKey(last));
        sent.put(last, request);
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
        return sent != null && sent.containsValue(request);
    }
}
