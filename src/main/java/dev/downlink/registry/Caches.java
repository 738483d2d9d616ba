// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.downlink.config.Settings;

/** How this room's caches are bounded; their upkeep runs on the room's own thread. */
final class Caches {
    private Caches() {}

    static Caffeine<Object, Object> bounded(Settings.Registry settings) {
        return Caffeine.newBuilder()
                .executor(Runnable::run)
                .expireAfterWrite(settings.cacheTime())
                .maximumSize(settings.cacheSize());
    }
}
