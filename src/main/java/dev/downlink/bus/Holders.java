// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.SessionRows;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Who holds which device. A remembered holder may be stale: it then says that it is not, and is forgotten here. That a
 * device is off line is never remembered. Belongs to one thread.
 */
public final class Holders {
    private final Bus bus;
    private final Cache<DeviceId, Presence.Holder> cache;

    public Holders(Bus bus, int maxSize) {
        this.bus = bus;
        this.cache = Caffeine.newBuilder()
                .maximumSize(maxSize)
                .executor(Runnable::run)
                .build();
    }

    public Optional<Presence.Holder> remembered(DeviceId device) {
        return Optional.ofNullable(cache.getIfPresent(device));
    }

    /** Asks the session table; empty for a device that has never been connected. */
    public Future<Optional<Presence>> find(DeviceId device) {
        return bus.ask(new SessionRows.SelectPresence(device)).map(found -> {
            Optional<Presence> presence = Optional.ofNullable(found.presence());
            presence.flatMap(Presence::whereConnected).ifPresent(holder -> cache.put(device, holder));
            return presence;
        });
    }

    /** Forgets a holder that turned out to be none, unless a later one is known already. */
    public void forget(DeviceId device, Presence.Holder stale) {
        cache.asMap().remove(device, stale);
    }
}
