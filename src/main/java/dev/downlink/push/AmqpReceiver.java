// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.proton.ProtonDelivery;
import io.vertx.proton.ProtonQoS;
import io.vertx.proton.ProtonSender;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.transport.DeliveryState;

/**
 * A consumer's link on a queue: what it has not settled is known here, whatever becomes of the link. Belongs to one instance of
 * the room.
 */
final class AmqpReceiver {
    /** A receiver is given up that holds events and settles none of them for so long. */
    private static final int STALLED_SECONDS = 600;
    /** One without room counts as a consumer for so long: it is at work. */
    private static final int BUSY_SECONDS = 30;

    private static final long DRAIN_MILLIS = 200;

    private final QueueKey queue;
    private final AmqpConsumers consumers;
    private final AmqpConnection connection;
    private final AmqpLinks links;
    private final ProtonSender sender;
    private final int maxCredit;
    private final boolean settles;
    /** In the order in which they were written. */
    private final Map<ProtonDelivery, AmqpHanded> unsettled = new LinkedHashMap<>();
    /** Held back until there is room. */
    private final Deque<AmqpHanded> waiting = new ArrayDeque<>();

    private int settledLast;
    private int roomLast = -BUSY_SECONDS;
    private boolean draining;
    private boolean gone;

    AmqpReceiver(
            QueueKey queue,
            AmqpConsumers consumers,
            AmqpConnection connection,
            AmqpLinks links,
            ProtonSender sender,
            int maxCredit) {
        this.queue = queue;
        this.consumers = consumers;
        this.connection = connection;
        this.links = links;
        this.sender = sender;
        this.maxCredit = maxCredit;
        settles = sender.getQoS() == ProtonQoS.AT_LEAST_ONCE;
    }

    QueueKey queue() {
        return queue;
    }

    ProtonSender sender() {
        return sender;
    }

    void start() {
        consumers.come(this);
        var _ = sender.setAutoDrained(false).sendQueueDrainHandler(_ -> flow());
    }

    /** How many more events it takes now. */
    int room() {
        return waiting.isEmpty() ? credit() : 0;
    }

    /** How many events can be written to it now. */
    int credit() {
        // what the engine keeps to itself since the consumer's session takes no more
        boolean blocked = gone || !connection.takesMore() || sender.getQueued() > 0;
        return blocked ? 0 : Math.max(0, Math.min(sender.getCredit(), maxCredit - unsettled.size()));
    }

    /** Whether it is there to get events: now, or as soon as it is done with those that it has. */
    boolean attends(int now) {
        return !gone && now - roomLast < BUSY_SECONDS;
    }

    boolean isStalled(int now) {
        return !unsettled.isEmpty() && now - settledLast > STALLED_SECONDS;
    }

    /**
     * Writes an event, or holds it back when there is no room.
     *
     * @param behind whether another that must come before it is held back
     * @return whether it was written
     */
    boolean take(AmqpHanded handed, boolean behind) {
        if (behind || room() == 0) {
            waiting.add(handed);
            return false;
        }
        write(handed);
        return true;
    }

    /** Those held back of a device, which are so no longer. */
    List<AmqpHanded> withdraw(String key) {
        List<AmqpHanded> withdrawn = new ArrayList<>();
        for (Iterator<AmqpHanded> all = waiting.iterator(); all.hasNext(); ) {
            AmqpHanded one = all.next();
            if (one.parcel().key().equals(key)) {
                all.remove();
                withdrawn.add(one);
            }
        }
        return withdrawn;
    }

    /** Those written and not settled. */
    List<AmqpHanded> unsettled() {
        return unsettled.values().stream().filter(one -> !one.isOver()).toList();
    }

    /** Those that fit and have no fate, in their order; what the consumer says about them from now on changes nothing. */
    List<AmqpHanded> abandon(Predicate<AmqpHanded> which) {
        List<AmqpHanded> all =
                new ArrayList<>(unsettled().stream().filter(which).toList());
        waiting.stream().filter(which).forEach(all::add);
        waiting.removeIf(which);
        return all;
    }

    void close(AmqpRefusal why) {
        links.close(this, why);
    }

    /** The link is gone. */
    void end() {
        if (!gone) {
            gone = true;
            unsettled().forEach(_ -> connection.meters().settled(Fate.RETURNED));
            consumers.leave(this);
            unsettled.clear();
        }
    }

    /** Whatever may have made room: credit, a settled event, a socket that takes more. */
    void more() {
        while (!waiting.isEmpty() && credit() > 0) {
            AmqpHanded next = waiting.remove();
            write(next);
            consumers.written(next);
        }
        if (room() > 0) {
            boolean attended = attends(connection.seconds());
            roomLast = connection.seconds();
            if (!attended) {
                consumers.changed();
            }
            consumers.roomMayHaveGrown();
        }
    }

    private void flow() {
        more();
        if (sender.getDrain() && sender.getCredit() > 0 && !draining) {
            draining = true;
            connection.after(DRAIN_MILLIS, this::drained);
        }
    }

    /** What waited for this queue has had the time to come; the rest of the credit is given back. */
    private void drained() {
        draining = false;
        if (!gone && sender.getDrain()) {
            int _ = sender.drained();
        }
    }

    private void write(AmqpHanded handed) {
        Optional<String> unfit = unfit(handed.parcel());
        if (unfit.isPresent()) {
            settledSoon(handed, new Fate.Refused(unfit.get()));
            return;
        }
        var message = AmqpMessage.of(handed.parcel(), consumers.failuresOf(handed.parcel()));
        if (!settles) {
            ProtonDelivery _ = sender.send(message);
            settledSoon(handed, Fate.ACCEPTED);
            return;
        }
        if (unsettled.isEmpty()) {
            settledLast = connection.seconds();
        }
        unsettled.put(sender.send(message, this::updated), handed);
    }

    /** Not while it is being handed over, or whoever does that and goes on when it hears of it would not come to an end. */
    private void settledSoon(AmqpHanded handed, Fate fate) {
        connection.soon(() -> settle(handed, fate));
    }

    private Optional<String> unfit(Parcel parcel) {
        UnsignedLong max = sender.getRemoteMaxMessageSize();
        int size = parcel.content().body().length() + AmqpMessage.OVERHEAD;
        return max == null || max.longValue() == 0 || size <= max.longValue()
                ? Optional.empty()
                : Optional.of("larger than the " + max + " bytes that the consumer takes");
    }

    private void updated(ProtonDelivery delivery) {
        Optional<DeliveryState> outcome = AmqpOutcome.of(delivery, sender.getRemoteSource());
        if (outcome.isEmpty()) {
            return;
        }
        AmqpHanded handed = unsettled.remove(delivery);
        var _ = delivery.settle();
        if (handed == null || gone) {
            return;
        }
        settledLast = connection.seconds();
        if (!handed.isOver()) {
            settle(handed, outcome.get());
        }
        more();
    }

    private void settle(AmqpHanded handed, DeliveryState outcome) {
        if (AmqpOutcome.saysFailed(outcome)) {
            consumers.failed(handed.parcel());
        }
        settle(handed, AmqpOutcome.fate(outcome));
    }

    private void settle(AmqpHanded handed, Fate fate) {
        connection.meters().settled(fate);
        consumers.settled(this, handed, fate);
    }
}
