// SPDX-License-Identifier: Apache-2.0
package dev.downlink.delivery;

import dev.downlink.bus.Bus;
import dev.downlink.bus.Holders;
import dev.downlink.bus.Holders.Whereabouts;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Presence;
import dev.downlink.protocol.AdapterRequest.DeliverMessage;
import dev.downlink.protocol.AdapterRequest.WithdrawMessage;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.MessageRows.Inserted;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands stored messages to the adapter that holds the device's connection: to the remembered one first, and when that one says
 * that it does not, to whoever the session table names now. Since the message was committed before the table is asked, and
 * an adapter reads what waits after its connection was committed, one of both sees the other.
 */
final class Handover {
    private static final Logger LOGGER = LoggerFactory.getLogger(Handover.class);
    /** A device that moves faster than this finds its messages when it stays. */
    private static final int MAX_MOVES = 3;

    private final Bus bus;
    private final Holders holders;
    private final WakeUps wakeUps;
    private final Address origin;

    /** @param origin this instance, which is told what becomes of the messages */
    Handover(Bus bus, Holders holders, WakeUps wakeUps, Address origin) {
        this.bus = bus;
        this.holders = holders;
        this.wakeUps = wakeUps;
        this.origin = origin;
    }

    /** Where a message is now. */
    enum Place {
        /** With the adapter, which sees to it. */
        TAKEN,
        /** In the table; its device is not connected. */
        WAITING,
        /** In the table; the adapter is to be told again, since it did not answer. */
        IN_DOUBT
    }

    /** Never fails. */
    Future<Place> hand(Inserted message) {
        DeviceId connection = connection(message);
        if (wakeUps.has(connection)) {
            return Future.succeededFuture(Place.IN_DOUBT);
        }
        Whereabouts known = holders.of(connection);
        return known.holder()
                .map(holder -> hand(message, known, holder, 0))
                .orElseGet(() -> lookUp(message, known, Optional.empty(), 0))
                .otherwise(e -> inDoubt(connection, e));
    }

    private Future<Place> lookUp(Inserted message, Whereabouts of, Optional<Refused> before, int moves) {
        return holders.find(of).compose(presence -> {
            Optional<Presence.Holder> holder = presence.flatMap(Presence::whereConnected);
            if (holder.isEmpty() || moves > MAX_MOVES) {
                return Future.succeededFuture(Place.WAITING);
            }
            return before.filter(refused -> refused.holder().equals(holder.get()))
                    .map(Handover::refusedAgain)
                    .orElseGet(() -> hand(message, of, holder.get(), moves));
        });
    }

    /** An adapter that cannot be reached may hold the device all the same: a cluster that changes loses its way for a while. */
    private static Future<Place> refusedAgain(Refused refused) {
        return isNotHere(refused.why()) ? Future.succeededFuture(Place.WAITING) : Future.failedFuture(refused.why());
    }

    private Future<Place> hand(Inserted message, Whereabouts of, Presence.Holder holder, int moves) {
        DeliverMessage request = new DeliverMessage(message.message(), message.behind(), origin);
        return bus.ask(Address.holder(holder.address()), request)
                .map(Place.TAKEN)
                .recover(e -> {
                    if (isNotHere(e) || isNobodyThere(e)) {
                        holders.forget(of, holder);
                        return lookUp(message, of, Optional.of(new Refused(holder, e)), moves + 1);
                    }
                    return Future.failedFuture(e);
                });
    }

    private record Refused(Presence.Holder holder, Throwable why) {}

    private static DeviceId connection(Inserted message) {
        return message.message().key().connection();
    }

    private Place inDoubt(DeviceId connection, Throwable e) {
        LOGGER.debug("device={} message not handed over, it is tried again error={}", connection, e.getMessage());
        wakeUps.add(connection);
        return Place.IN_DOUBT;
    }

    static boolean isNotHere(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.NotHere;
    }

    private static boolean isNobodyThere(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.NobodyThere;
    }

    /** A message that was given up is not to be sent, if it is not under way yet. Never fails. */
    Future<?> withdraw(MessageKey key) {
        Whereabouts of = holders.of(key.connection());
        Future<Optional<Presence.Holder>> holder = of.holder()
                .map(known -> Future.succeededFuture(Optional.of(known)))
                .orElseGet(() -> holders.find(of).map(found -> found.flatMap(Presence::whereConnected)));
        return holder.compose(found -> found.<Future<?>>map(
                                one -> bus.ask(Address.holder(one.address()), new WithdrawMessage(key)))
                        .orElseGet(Future::succeededFuture))
                .onFailure(e -> LOGGER.debug(
                        "device={} a message that was given up may still be sent error={}",
                        key.device(),
                        e.getMessage()))
                .otherwiseEmpty();
    }
}
