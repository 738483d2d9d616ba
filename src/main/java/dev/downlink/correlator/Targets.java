// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import com.github.benmanes.caffeine.cache.Cache;
import dev.downlink.bus.Bus;
import dev.downlink.bus.Cached;
import dev.downlink.bus.Holders;
import dev.downlink.config.Settings;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.RegistryRequest.Target;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whom calls go to, as the registry knows it: a call costs no question to it. What lies behind gateways is not remembered, since
 * a change of any of them is one of all devices below. Belongs to one thread.
 */
final class Targets {
    private final Bus bus;
    private final Quota quota;
    private final Holders holders;
    private final Cache<DeviceId, Known> targets;
    /** How often something was forgotten: an answer that was asked for before the last time is not kept. */
    private long forgotten;

    /**
     * A device that is remembered.
     *
     * @param calls to it that wait, of all instances
     */
    record Known(Target target, AtomicInteger calls, Holders.Whereabouts whereabouts) {}

    Targets(Bus bus, Quota quota, Holders holders, Settings.Registry settings) {
        this.bus = bus;
        this.quota = quota;
        this.holders = holders;
        targets = Cached.bounded(settings.cacheSize(), settings.rememberedTime());
    }

    /** Comes before the first question, so that nothing is kept of which a change could be missed. */
    Future<Void> hear() {
        return bus.hear(Notice.Forgotten.class, this::forget);
    }

    /** Null when the registry has to be asked: it is it that says that another project's device is not found. */
    @Nullable
    Known known(FindTarget q) {
        Known known = targets.getIfPresent(q.device());
        return known != null && known.target().device().project().equals(q.project()) ? known : null;
    }

    Future<Known> find(FindTarget q) {
        long asked = forgotten;
        return bus.ask(q).map(target -> {
            Known known = new Known(target, quota.of(q.device()), holders.of(target.connection()));
            if (asked == forgotten && target.connection().equals(q.device())) {
                targets.put(q.device(), known);
            }
            return known;
        });
    }

    /** Which devices have a product is not known here; to ask for them once more costs no statement. */
    private void forget(Notice.Forgotten told) {
        switch (told.change()) {
            case Notice.DeviceChanged change -> {
                forgotten++;
                targets.invalidate(change.device());
            }
            case Notice.ProductChanged _, Notice.NodeJoined _ -> {
                forgotten++;
                targets.invalidateAll();
            }
            case Notice.AccountsChanged _, Notice.RulesChanged _ -> {}
        }
    }
}
