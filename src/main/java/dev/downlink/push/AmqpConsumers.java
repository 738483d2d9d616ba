// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The receivers of one queue at one instance of the room, which share its events in turn. What is not yet settled of a device
 * keeps its next events at the same receiver, so that consumers who compete still get each device's events in order: an event
 * that has to wait for room there is held back, others pass it. How many are held back is bounded by who hands them over.
 * Belongs to that instance.
 */
final class AmqpConsumers {
    /** Of so many events it is remembered that they were sent before. */
    private static final int MAX_REMEMBERED = 10_000;

    private final List<AmqpReceiver> receivers = new ArrayList<>();
    /** By what an event's order is kept by. */
    private final Map<String, Hold> holds = new HashMap<>();
    /** How often an event failed at a receiver, by its id. */
    private final LinkedHashMap<Long, Integer> failures = new LinkedHashMap<>();

    private final Runnable changed;
    private final List<AmqpSink> sinks = new ArrayList<>();
    private int turn;
    private boolean starved = true;
    private boolean returning;

    /** @param changed called when a receiver has come, has room for the first time or has gone */
    AmqpConsumers(Runnable changed) {
        this.changed = changed;
    }

    /** The receiver that a device's events go to as long as one of them is not settled. */
    private static final class Hold {
        private final AmqpReceiver receiver;
        private int unsettled;
        private int waiting;

        Hold(AmqpReceiver receiver) {
            this.receiver = receiver;
        }
    }

    void open(AmqpSink sink) {
        sinks.add(sink);
        starved = true;
        roomMayHaveGrown();
    }

    /** Nobody hands events over there any more; those under way from there are returned. */
    void close(AmqpSink sink) {
        sinks.remove(sink);
        List<AmqpHanded> back = new ArrayList<>();
        receivers.forEach(
                receiver -> back.addAll(receiver.abandon(one -> one.by().equals(sink))));
        back.forEach(one -> holds.remove(one.parcel().key()));
        returned(back);
    }

    boolean isUnused() {
        return receivers.isEmpty() && sinks.isEmpty();
    }

    void come(AmqpReceiver receiver) {
        receivers.add(receiver);
    }

    /** What a receiver that is gone had not settled goes back, in order. */
    void leave(AmqpReceiver receiver) {
        if (receivers.remove(receiver)) {
            receiver.unsettled().forEach(one -> failed(one.parcel()));
            List<AmqpHanded> back = receiver.abandon(_ -> true);
            back.forEach(one -> holds.remove(one.parcel().key()));
            returned(back);
            changed.run();
        }
    }

    /** Whether anybody is there to get events. */
    boolean isAttended(int now) {
        return receivers.stream().anyMatch(receiver -> receiver.attends(now));
    }

    List<AmqpReceiver> receivers() {
        return List.copyOf(receivers);
    }

    int room() {
        int room = 0;
        for (AmqpReceiver receiver : receivers) {
            room += receiver.room();
        }
        starved = room == 0 || returning;
        return returning ? 0 : room;
    }

    Future<Fate> push(Parcel parcel, AmqpSink by) {
        Optional<AmqpReceiver> receiver = Optional.ofNullable(holds.get(parcel.key()))
                .map(hold -> hold.receiver)
                .or(this::next);
        if (receiver.isEmpty()) {
            return Future.succeededFuture(Fate.RETURNED);
        }
        AmqpHanded handed = new AmqpHanded(parcel, by);
        hand(receiver.get(), handed);
        starved = room() == 0;
        return handed.future();
    }

    /** How often an event failed at a receiver before. */
    int failuresOf(Parcel parcel) {
        return failures.getOrDefault(parcel.id(), 0);
    }

    /** An event was sent that a receiver did not finish with. */
    void failed(Parcel parcel) {
        failures.merge(parcel.id(), 1, Integer::sum);
        if (failures.size() > MAX_REMEMBERED) {
            failures.pollFirstEntry();
        }
    }

    /** An event that was held back at its receiver has been written. */
    void written(AmqpHanded handed) {
        Hold hold = holds.get(handed.parcel().key());
        if (hold != null) {
            hold.waiting--;
            hold.unsettled++;
        }
    }

    /** A receiver is done with an event that was written to it. */
    void settled(AmqpReceiver receiver, AmqpHanded handed, Fate fate) {
        if (!(fate instanceof Fate.Returned)) {
            failures.remove(handed.parcel().id());
        }
        Hold hold = holds.get(handed.parcel().key());
        if (hold != null && hold.receiver.equals(receiver) && --hold.unsettled == 0) {
            release(handed.parcel().key(), hold);
        }
        handed.end(fate);
        roomMayHaveGrown();
    }

    void roomMayHaveGrown() {
        if (starved && !sinks.isEmpty() && room() > 0) {
            List.copyOf(sinks).forEach(AmqpSink::isReady);
        }
    }

    void changed() {
        changed.run();
    }

    /** Nothing of a device is unsettled: what of it is held back may go to another receiver. */
    private void release(String key, Hold hold) {
        if (hold.waiting == 0) {
            holds.remove(key);
        } else if (hold.receiver.credit() == 0) {
            holds.remove(key);
            List<AmqpHanded> moved = hold.receiver.withdraw(key);
            Optional<AmqpReceiver> other = next();
            other.ifPresent(receiver -> moved.forEach(one -> hand(receiver, one)));
            if (other.isEmpty()) {
                returned(moved);
            }
        }
    }

    private void hand(AmqpReceiver receiver, AmqpHanded handed) {
        Hold hold = holds.computeIfAbsent(handed.parcel().key(), _ -> new Hold(receiver));
        if (receiver.take(handed, hold.waiting > 0)) {
            hold.unsettled++;
        } else {
            hold.waiting++;
        }
    }

    private Optional<AmqpReceiver> next() {
        for (int i = 0; i < receivers.size(); i++) {
            turn = (turn + 1) % receivers.size();
            if (receivers.get(turn).room() > 0) {
                return Optional.of(receivers.get(turn));
            }
        }
        return Optional.empty();
    }

    /** Whoever handed them over has them all back before it hands over anything again; otherwise later ones got in between. */
    private void returned(List<AmqpHanded> back) {
        boolean outer = returning;
        returning = true;
        back.forEach(one -> one.end(Fate.RETURNED));
        returning = outer;
        starved = true;
        roomMayHaveGrown();
    }
}
