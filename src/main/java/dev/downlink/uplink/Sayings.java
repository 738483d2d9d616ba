// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.bus.Bus;
import dev.downlink.model.Device;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Subject;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.RegistryRequest.Target;
import dev.downlink.protocol.UplinkRequest.ReportEvent;
import dev.downlink.protocol.UplinkRequest.ReportMessage;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Messages and events: all that is done with them here is to offer them to the rules. Belongs to one verticle instance. */
final class Sayings {
    private final Bus bus;
    private final Lanes lanes;
    private final Offers offers;
    private final InstantSource clock;

    Sayings(Bus bus, Lanes lanes, Offers offers, InstantSource clock) {
        this.bus = bus;
        this.lanes = lanes;
        this.offers = offers;
        this.clock = clock;
    }

    Future<Done> take(ReportMessage q) {
        return take(q.connection(), q.device(), Subject.DEVICE_MESSAGE, () -> Bodies.message(q));
    }

    Future<Done> take(ReportEvent q) {
        return take(q.connection(), q.device(), Subject.DEVICE_EVENT, () -> Bodies.event(q, clock.instant()));
    }

    private Future<Done> take(DeviceId connection, DeviceId device, Subject subject, Supplier<Json> body) {
        return lanes.enter(
                        connection,
                        () -> bus.ask(new FindRelative(connection, device))
                                .map(Target::device)
                                .compose(own ->
                                        offers.isAsked(own, subject).map(asked -> offer(own, subject, asked, body))))
                .compose(Begun::done);
    }

    private Begun offer(Device device, Subject subject, boolean asked, Supplier<Json> body) {
        return new Begun(asked ? offers.offer(device, subject, body.get()) : Future.succeededFuture(Done.DONE));
    }
}
