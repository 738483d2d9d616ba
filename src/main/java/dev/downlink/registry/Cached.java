// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import com.github.benmanes.caffeine.cache.Cache;
import io.vertx.core.Future;
import java.util.function.Function;

/** Answers kept by their question. Absence and failures are never kept. Belongs to one thread. */
final class Cached<K, V> {
    private final Cache<K, V> values;
    private final Function<K, Future<V>> read;
    private final Loads<K, V> loads = new Loads<>();

    Cached(Cache<K, V> values, Function<K, Future<V>> read) {
        this.values = values;
        this.read = read;
    }

    Future<V> find(K key) {
        V known = values.getIfPresent(key);
        return known == null
                ? loads.share(key, () -> read.apply(key), value -> values.put(key, value))
                : Future.succeededFuture(known);
    }

    void forget(K key) {
        values.invalidate(key);
        loads.forget(key);
    }

    void forgetAll() {
        values.invalidateAll();
        loads.forgetAll();
    }
}
