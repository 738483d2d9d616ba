// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.auth.Seats;
import dev.downlink.bus.Bus;
import dev.downlink.config.NodeIdentity;
import dev.downlink.config.Settings;
import dev.downlink.net.TurnFlush;
import dev.downlink.protocol.Address;
import dev.downlink.telemetry.LogLimit;
import java.time.InstantSource;

/**
 * What all connections of one verticle instance share.
 *
 * @param identity its number stands in the session table, its name in the timeline of messages
 * @param address where this instance is asked, and what the session table stores as holder
 */
record Adapter(
        Bus bus,
        Settings.Mqtt settings,
        Settings.Messages messages,
        NodeIdentity identity,
        InstantSource clock,
        Address address,
        Seats seats,
        LogLimit logs,
        Meters meters,
        Connections connections,
        Login login,
        Products products,
        EndedSessions ended,
        Settlements settlements,
        TurnFlush flush) {
    int node() {
        return identity.id();
    }
}
