// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * The bounds of every {@link Batcher}.
 *
 * @param maxRows in one statement
 * @param maxWaiting calls that wait for one statement
 */
record Batching(int maxRows, int maxWaiting) {
    <K, V> Batcher<K, V> of(Function<K, ?> lane, Function<List<K>, Future<Function<K, V>>> statement) {
        return new Batcher<>(maxRows, maxWaiting, lane, statement);
    }
}
