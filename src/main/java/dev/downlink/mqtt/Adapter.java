// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.protocol.Address;

/**
 * What all connections of one verticle instance share.
 *
 * @param node number of this node in the session table
 * @param address where this instance is asked, and what the session table stores as holder
 */
record Adapter(
        Bus bus,
        Settings.Mqtt settings,
        int node,
        Address address,
        Seats seats,
        LogLimit logs,
        Meters meters,
        Connections connections,
        Login login,
        EndedSessions ended) {}
