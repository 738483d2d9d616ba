// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Bus;
import dev.downlink.bus.Cached;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Notice;
import dev.downlink.protocol.RegistryRequest.FindKey;
import dev.downlink.protocol.RegistryRequest.KeyOwner;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The keys that sign requests, as the registry knows them: a request costs no question to it. Belongs to one verticle instance. */
final class KnownKeys {
    private final Bus bus;
    private final Cached<String, KeyOwner> keys;

    KnownKeys(Bus bus, Settings.Registry settings) {
        this.bus = bus;
        keys = new Cached<>(settings.cacheSize(), settings.rememberedTime(), id -> bus.ask(new FindKey(id)));
    }

    /** Comes before the first question, so that nothing is kept of which a change could be missed. */
    Future<Void> hear() {
        return bus.hear(Notice.Forgotten.class, this::forget);
    }

    /** A key that is remembered. */
    @Nullable
    KeyOwner known(String accessKey) {
        return keys.known(accessKey);
    }

    Future<KeyOwner> find(String accessKey) {
        return keys.find(accessKey);
    }

    private void forget(Notice.Forgotten told) {
        switch (told.change()) {
            case Notice.AccountsChanged _, Notice.NodeJoined _ -> keys.forgetAll();
            case Notice.DeviceChanged _, Notice.ProductChanged _, Notice.RulesChanged _ -> {}
        }
    }
}
