// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import java.util.List;

/**
 * How simulated devices connect and behave.
 *
 * @param gate where they connect
 * @param localAddresses they connect from, in turn; one address has about 28,000 ports; empty: whichever the system takes
 * @param mqtt5 share of MQTT 5 among them; the others speak 3.1.1
 * @param keepAlive in seconds
 * @param subscribeQos of their command topics; -1 does not subscribe
 * @param connectsPerSecond 0: as fast as it goes
 * @param maxConnecting connections being opened at a time
 * @param churnPerSecond share of the devices that drop their connection each second, to come back at once
 * @param reportEvery seconds between two reports of properties of a device; 0: none
 */
public record FleetPlan(
        Gate gate,
        List<String> localAddresses,
        double mqtt5,
        int keepAlive,
        int subscribeQos,
        double connectsPerSecond,
        int maxConnecting,
        double churnPerSecond,
        int reportEvery,
        Dialect dialect,
        Behaviour behaviour) {

    /** @param tls trusts every certificate: the devices are simulated, and so is their care */
    public record Gate(String host, int port, boolean tls) {}

    public FleetPlan {
        localAddresses = List.copyOf(localAddresses);
        if (maxConnecting < 1) {
            throw new IllegalArgumentException("at least one connection must be opened at a time");
        }
    }

    /** Well-behaved devices that connect as fast as they can. */
    public static FleetPlan fast(Gate gate, Dialect dialect, int subscribeQos, int maxConnecting) {
        return new FleetPlan(gate, List.of(), 0, 120, subscribeQos, 0, maxConnecting, 0, 0, dialect, Behaviour.GOOD);
    }

    /** The same from other addresses. */
    public FleetPlan from(List<String> addresses) {
        return new FleetPlan(
                gate,
                addresses,
                mqtt5,
                keepAlive,
                subscribeQos,
                connectsPerSecond,
                maxConnecting,
                churnPerSecond,
                reportEvery,
                dialect,
                behaviour);
    }

    /** Addresses 127.0.0.1, 127.0.0.2 …, as many as so many connections need; empty when one is enough. */
    public static List<String> loopbackAddresses(int connections) {
        int needed = (connections + PORTS_PER_ADDRESS - 1) / PORTS_PER_ADDRESS;
        return needed < 2
                ? List.of()
                : java.util.stream.IntStream.rangeClosed(1, needed)
                        .mapToObj(i -> "127.0.0." + i)
                        .toList();
    }

    private static final int PORTS_PER_ADDRESS = 20_000;
}
