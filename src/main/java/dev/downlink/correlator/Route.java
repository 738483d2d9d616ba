// SPDX-License-Identifier: Apache-2.0
package dev.downlink.correlator;

import dev.downlink.bus.Bus;
import dev.downlink.bus.Holders;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * The way of a call to the connection of its device: to the remembered holder first, and when that one says that it has not
 * got the device, to whoever the session table names now. A call is published at most once: only a clear "not here" leads
 * to another try.
 */
final class Route {
    /** A device that moves faster than this is taken for off line. */
    private static final int MAX_MOVES = 3;

    private final Bus bus;
    private final Holders holders;

    Route(Bus bus, Holders holders) {
        this.bus = bus;
        this.holders = holders;
    }

    /** Succeeds when the call is published, or when whether it was cannot be known; then only the answer or the deadline tells. */
    Future<Void> deliver(PendingCall call) {
        return call.whereabouts
                .holder()
                .map(holder -> hand(call, holder, 0))
                .orElseGet(() -> lookUp(call, Optional.empty(), 0));
    }

    private Future<Void> lookUp(PendingCall call, Optional<Refused> before, int moves) {
        return holders.find(call.whereabouts).compose(presence -> {
            Presence.Holder holder = presence.flatMap(Presence::whereConnected)
                    .orElseThrow(() -> new Failed(notConnected(call, presence.isPresent())));
            boolean sameAsBefore =
                    before.filter(refused -> refused.holder().equals(holder)).isPresent();
            if (sameAsBefore || moves > MAX_MOVES) {
                throw new Failed(
                        before.filter(Refused::nobodyThere).isPresent()
                                ? new Failure.NodeLost(call.call.device())
                                : notConnected(call, true));
            }
            return hand(call, holder, moves);
        });
    }

    private Future<Void> hand(PendingCall call, Presence.Holder holder, int moves) {
        if (!call.isOpen()) {
            // who asked was told that the call was not published
            return Future.succeededFuture();
        }
        call.handedOver();
        return bus.ask(
                        Address.holder(holder.address()),
                        new AdapterRequest.DeliverCall(call.connection, call.id, call.call))
                .transform(published -> published.succeeded()
                        ? taken(call, holder, published.result().epoch())
                        : notTaken(call, holder, published.cause(), moves));
    }

    private static Future<Void> taken(PendingCall call, Presence.Holder holder, long epoch) {
        call.publishedAt(new Presence.Holder(holder.address(), epoch));
        return Future.succeededFuture();
    }

    private Future<Void> notTaken(PendingCall call, Presence.Holder holder, Throwable e, int moves) {
        return switch (e) {
            case Failed f when f.failure() instanceof Failure.NoAnswer -> Future.succeededFuture();
            case Failed f when f.failure() instanceof Failure.NotHere -> next(call, new Refused(holder, false), moves);
            case Failed f
            when f.failure() instanceof Failure.NobodyThere -> next(call, new Refused(holder, true), moves);
            default -> Future.failedFuture(e);
        };
    }

    private Future<Void> next(PendingCall call, Refused refused, int moves) {
        call.turnedAway();
        holders.forget(call.whereabouts, refused.holder());
        return lookUp(call, Optional.of(refused), moves + 1);
    }

    private static Failure notConnected(PendingCall call, boolean everConnected) {
        if (call.viaGateway()) {
            return new Failure.GatewayOffline(call.call.device(), call.connection);
        }
        return everConnected
                ? new Failure.DeviceOffline(call.call.device())
                : new Failure.DeviceNeverConnected(call.call.device());
    }

    private record Refused(Presence.Holder holder, boolean nobodyThere) {}
}
