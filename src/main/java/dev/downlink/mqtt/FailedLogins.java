// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.auth.Attempts;
import dev.downlink.auth.ClientId;
import dev.downlink.config.Settings;
import dev.downlink.model.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits failed logins: of a device from one network address, of a device from everywhere, and of an address. Paho repeats each refused 3.1.1 CONNECT at once as MQTT 3.1
 * (southbound §0.4), so such a pair counts as one. Belongs to one verticle instance, which counts for itself.
 */
final class FailedLogins {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration PAIR = Duration.ofSeconds(5);
    private static final int CAPACITY = 10_000;

    /** So many times the failures of a device from one address are suffered from all together. */
    private static final int ALL_ADDRESSES = 20;

    private final Attempts origins;
    private final Attempts devices;
    private final Attempts addresses;
    private final InstantSource clock;
    /** Failures with 3.1.1 whose repetition may follow, oldest first. */
    private final LinkedHashMap<Origin, Instant> firstOfPair = new LinkedHashMap<>();

    FailedLogins(Settings.Mqtt settings, InstantSource clock) {
        this.clock = clock;
        origins = new Attempts(settings.maxFailedLogins(), WINDOW, CAPACITY, clock);
        devices = new Attempts(ALL_ADDRESSES * settings.maxFailedLogins(), WINDOW, CAPACITY, clock);
        addresses = new Attempts(settings.maxFailedLoginsPerAddress(), WINDOW, CAPACITY, clock);
    }

    /** Whether a login may be tried from there. */
    boolean allows(ClientId client, Peer peer) {
        return origins.allowed(key(client, peer)) && addresses.allowed(peer.address());
    }

    /** Whether too many have failed as this device, wherever they are: that must not keep the right one out. */
    boolean isUnderAttack(ClientId client) {
        return !devices.allowed(client.device().value());
    }

    void failed(Connect connect, ClientId client, Peer peer) {
        Origin origin = new Origin(client.device(), peer.address());
        Instant now = clock.instant();
        Instant before = firstOfPair.remove(origin);
        if (connect.isMqtt31() && before != null && before.plus(PAIR).isAfter(now)) {
            return;
        }
        if (!connect.isMqtt31() && !connect.isMqtt5()) {
            remember(origin, now);
        }
        origins.failed(key(client, peer));
        devices.failed(client.device().value());
        addresses.failed(peer.address());
    }

    /** Failures of an address stay: others may try from there. */
    void succeeded(ClientId client, Peer peer) {
        origins.succeeded(key(client, peer));
    }

    private static String key(ClientId client, Peer peer) {
        return client.device().value() + ' ' + peer.address();
    }

    private void remember(Origin origin, Instant now) {
        firstOfPair.put(origin, now);
        if (firstOfPair.size() > CAPACITY) {
            @Nullable Object _ = firstOfPair.pollFirstEntry();
        }
    }

    private record Origin(DeviceId device, String address) {}
}
