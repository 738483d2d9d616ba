// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.model.DeviceId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Begins the work of each connection in order, the next when the one before is done, while the connections do not wait for each
 * other. Belongs to one verticle instance.
 */
final class Lanes {
    /** Of one connection; an adapter stops reading a connection long before. */
    private static final int MAX_WAITING = 1000;

    private final Map<DeviceId, Deque<Runnable>> lanes = new HashMap<>();

    /** Fails with {@link Failure.Busy} when too much of that connection waits. */
    <T> Future<T> enter(DeviceId connection, Supplier<Future<T>> work) {
        Deque<Runnable> waiting = lanes.get(connection);
        if (waiting == null) {
            lanes.put(connection, new ArrayDeque<>(1));
            return begin(connection, work);
        }
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(new Failed(new Failure.Busy("uplink")));
        }
        Promise<T> result = Promise.promise();
        waiting.add(() -> begin(connection, work).onComplete(result));
        return result.future();
    }

    private <T> Future<T> begin(DeviceId connection, Supplier<Future<T>> work) {
        return attempt(work).onComplete(_ -> next(connection));
    }

    private void next(DeviceId connection) {
        Deque<Runnable> waiting = lanes.get(connection);
        Runnable first = waiting == null ? null : waiting.poll();
        if (first == null) {
            lanes.remove(connection);
        } else {
            first.run();
        }
    }

    private static <T> Future<T> attempt(Supplier<Future<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
