// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * The events of one connection, dealt with one packet after the other in the order in which they came. While too many wait,
 * the device is not read. Belongs to one connection.
 */
final class EventLine {
    private static final int MAX_PACKETS = 8;
    private static final int MAX_BYTES = 256 * 1024;

    private Future<?> last = Future.succeededFuture();
    private int packets;
    private int bytes;
    private boolean paused;

    /** Does it when all that was added before is done. */
    <T> Future<T> add(DeviceConnection connection, int size, Supplier<Future<T>> work) {
        packets++;
        bytes += size;
        if (!paused && isFull()) {
            paused = true;
            connection.pause();
        }
        Future<T> own = last.transform(_ -> work.get());
        last = own;
        return own.onComplete(_ -> done(connection, size));
    }

    private void done(DeviceConnection connection, int size) {
        packets--;
        bytes -= size;
        if (paused && !isFull()) {
            paused = false;
            connection.resume();
        }
    }

    private boolean isFull() {
        return packets >= MAX_PACKETS || bytes >= MAX_BYTES;
    }
}
