// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.SessionRows;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which device. A remembered holder may be stale: it then says that it is not, and is forgotten here. That a
 * device is off line is never remembered. Belongs to one thread.
 */
public final class Holders {
    private final Bus bus;
    private final Cache<DeviceId, Whereabouts> cache;

    /** What is remembered of one device; may be kept, but only by the thread that asked for it. */
    public static final class Whereabouts {
        private final DeviceId device;
        private Presence.@Nullable Holder holder;

        private Whereabouts(DeviceId device) {
            this.device = device;
        }

        public DeviceId device() {
            return device;
        }

        public Optional<Presence.Holder> holder() {
            return Optional.ofNullable(holder);
        }
    }

    public Holders(Bus bus, int maxSize) {
        this.bus = bus;
        this.cache = Caffeine.newBuilder()
                .maximumSize(maxSize)
                .executor(Runnable::run)
                .build();
    }

    public Whereabouts of(DeviceId device) {
        return cache.get(device, Whereabouts::new);
    }

    /** Asks the session table; empty for a device that has never been connected. */
    public Future<Optional<Presence>> find(Whereabouts of) {
        return bus.ask(new SessionRows.SelectPresence(of.device)).map(found -> {
            Optional<Presence> presence = Optional.ofNullable(found.presence());
            presence.flatMap(Presence::whereConnected).ifPresent(holder -> of.holder = holder);
            return presence;
        });
    }

    /** Forgets a holder that turned out to be none, unless a later one is known already. */
    public void forget(Whereabouts of, Presence.Holder stale) {
        if (stale.equals(of.holder)) {
            of.holder = null;
        }
    }
}
