// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads under way, one for each key at most. A read that was forgotten still answers those who wait for it, but nobody
 * joins it any more and its result is not kept: it may have seen the state before the change. Belongs to one thread; holds
 * no more reads than its room has requests in hand.
 */
public final class Loads<K, V> {
    private final Map<K, Future<V>> underWay = new HashMap<>();

    /** @param keep receives the value, unless it failed or was forgotten meanwhile */
    public Future<V> share(K key, Supplier<Future<V>> read, Consumer<V> keep) {
        Future<V> running = underWay.get(key);
        return running == null ? begin(key, read.get(), keep) : running;
    }

    private Future<V> begin(K key, Future<V> load, Consumer<V> keep) {
        underWay.put(key, load);
        return load.andThen(result -> {
            if (underWay.remove(key, load) && result.succeeded()) {
                keep.accept(result.result());
            }
        });
    }

    public void forget(K key) {
        underWay.remove(key);
    }

    public void forgetAll() {
        underWay.clear();
    }
}
