// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.model.DeviceId;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest.FindTarget;
import dev.downlink.protocol.RegistryRequest.Target;
import io.vertx.core.Future;

/**
 * Whom calls go to, as the registry knows it: a call costs no question to it. What lies behind gateways is not remembered, since
 * a change of any of them is one of all devices below. Belongs to one thread.
 */
final class Targets {
    private final Bus bus;
    private final Cache<DeviceId, Target> targets;
    /** How often something was forgotten: an answer that was asked for before the last time is not kept. */
    private long forgotten;

    Targets(Bus bus, Settings.Registry settings) {
        this.bus = bus;
        targets = Caffeine.newBuilder()
                .executor(Runnable::run)
                .expireAfterWrite(settings.cacheTime())
                .maximumSize(settings.cacheSize())
                .build();
    }

    /** Comes before the first question, so that nothing is kept of which a change could be missed. */
    Future<Void> hear() {
        return bus.hear(Notice.Forgotten.class, this::forget);
    }

    /** Another project's device is not found, which the registry says. */
    Future<Target> find(FindTarget q) {
        Target known = targets.getIfPresent(q.device());
        if (known != null && known.device().project().equals(q.project())) {
            return Future.succeededFuture(known);
        }
        long asked = forgotten;
        return bus.ask(q).onSuccess(target -> {
            if (asked == forgotten && target.connection().equals(q.device())) {
                targets.put(q.device(), target);
            }
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
