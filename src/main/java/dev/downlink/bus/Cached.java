// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers kept by their question. Absence and failures are never kept. Belongs to one thread. */
public final class Cached<K, V> {
    private final Cache<K, V> values;
    private final Function<K, Future<V>> read;
    private final Loads<K, V> loads = new Loads<>();

    /** Keeps at most so many answers for at most so long. */
    public Cached(int maxSize, Duration time, Function<K, Future<V>> read) {
        this.values = Cached.<K, V>bounded(maxSize, time);
        this.read = read;
    }

    /** A cache whose upkeep runs on the thread that uses it. */
    public static <K, V> Cache<K, V> bounded(int maxSize, Duration time) {
        return Caffeine.newBuilder()
                .executor(Runnable::run)
                .expireAfterWrite(time)
                .maximumSize(maxSize)
                .build();
    }

    /** What is kept; null when it has to be asked for. */
    public @Nullable V known(K key) {
        return values.getIfPresent(key);
    }

    public Future<V> find(K key) {
        V known = known(key);
        return known == null
                ? loads.share(key, () -> read.apply(key), value -> values.put(key, value))
                : Future.succeededFuture(known);
    }

    public void forget(K key) {
        values.invalidate(key);
        loads.forget(key);
    }

    public void forgetAll() {
        values.invalidateAll();
        loads.forgetAll();
    }
}
