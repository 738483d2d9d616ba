// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * The events of one connection, dealt with one packet after the other in the order in which they came; how many may wait, its
 * {@link Receipts} say. Belongs to one connection.
 */
final class EventLine {
    private Future<?> last = Future.succeededFuture();

    /** Does it when all that was added before is done. */
    <T> Future<T> add(Supplier<Future<T>> work) {
        Future<T> own = last.transform(_ -> work.get());
        last = own;
        return own;
    }
}
