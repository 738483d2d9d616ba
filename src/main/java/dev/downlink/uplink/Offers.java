// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.bus.Bus;
import dev.downlink.model.Device;
import dev.downlink.model.Json;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.OutboxRows.OfferEvent;
import dev.downlink.protocol.RegistryRequest.FindInterest;
import io.vertx.core.Future;

/** Offers what happened to the rules (northbound §6): it is stored only when one asks for it. */
final class Offers {
    private final Bus bus;
    private final Meters meters;

    Offers(Bus bus, Meters meters) {
        this.bus = bus;
        this.meters = meters;
    }

    /** Whether a rule asks for it; answered from memory as a rule. */
    Future<Boolean> isAsked(Device device, Subject subject) {
        return bus.ask(new FindInterest(device.project(), device.space(), subject))
                .map(interest -> interest.asked());
    }

    /** Completes when it is committed. */
    Future<Done> offer(Device device, Subject subject, Json body) {
        return bus.ask(new OfferEvent(device.project(), device.space(), device.id(), subject, body))
                .onSuccess(_ -> meters.offered().count(subject));
    }
}
