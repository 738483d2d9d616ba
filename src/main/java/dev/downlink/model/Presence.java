// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the session table knows of a device: where its connection is and since when.
 *
 * @param holder the adapter that holds the connection, null when there is none
 * @param firstOnline when it connected for the first time
 * @param changed when it last went on line or off line
 */
public record Presence(DeviceId device, @Nullable Holder holder, Instant firstOnline, Instant changed) {
    public Optional<Holder> whereConnected() {
        return Optional.ofNullable(holder);
    }

    /**
     * An adapter instance's address on the bus and the number of the connection there. Epochs of a device grow with every
     * connect, so of two connections the later one is known by its number alone.
     */
    public record Holder(String address, long epoch) {}
}
