// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.auth.Seats;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The doors for consumers of one node, one for each instance of the room, and their bound on connections. Safe for all threads. */
final class AmqpDoors {
    private final Seats seats;
    private final List<AmqpDoor> all = new CopyOnWriteArrayList<>();

    AmqpDoors(int maxConnections) {
        seats = new Seats(maxConnections);
    }

    Seats seats() {
        return seats;
    }

    void add(AmqpDoor door) {
        all.add(door);
    }

    void remove(AmqpDoor door) {
        all.remove(door);
    }

    /** Sends one event to some consumer of a queue, past those that wait; empty when none is here who takes it. */
    Future<Optional<Fate>> push(QueueKey queue, Parcel parcel) {
        return push(queue, parcel, all.iterator());
    }

    private static Future<Optional<Fate>> push(QueueKey queue, Parcel parcel, Iterator<AmqpDoor> doors) {
        if (!doors.hasNext()) {
            return Future.succeededFuture(Optional.empty());
        }
        return doors.next()
                .push(queue, parcel)
                .compose(fate -> fate.isPresent() ? Future.succeededFuture(fate) : push(queue, parcel, doors));
    }
}
