// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Address;
import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts requests by type and outcome: where they are answered, or, when nobody did that, where they were asked. Safe for
 * all threads.
 */
final class Counts {
    private final Telemetry telemetry;
    private final Map<Class<?>, Tally<Outcome>> tallies = new ConcurrentHashMap<>();

    Counts(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    void count(Object request, Outcome outcome) {
        Tally<Outcome> tally = tallies.get(request.getClass());
        if (tally == null) {
            tally = tallies.computeIfAbsent(
                    request.getClass(),
                    type -> telemetry.tally(MeterName.BUS_REQUESTS, Outcome.class, type.getSimpleName()));
        }
        tally.count(outcome);
    }

    /** A part of the gauge of the room that an address belongs to. */
    Level inHand(Address address) {
        int slash = address.value().indexOf('/');
        return telemetry.level(
                MeterName.ROOM_IN_HAND,
                slash < 0 ? address.value() : address.value().substring(0, slash));
    }
}
