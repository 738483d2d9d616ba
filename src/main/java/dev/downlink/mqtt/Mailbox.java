// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.TimelineStep;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest.FetchWaiting;
import dev.downlink.protocol.DeliveryRequest.Waiting;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.QueuedMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that a connection has taken from the table: those that wait to be sent, in order, and those under way (in
 * flight, or with a report that is not answered). None of them is taken a second time. What does not fit stays in the table
 * and is pulled when there is room. Belongs to one connection; takes next to no memory while there are none.
 */
final class Mailbox {
    private static final Logger LOGGER = LoggerFactory.getLogger(Mailbox.class);
    private static final int PAGE = 32;
    /** Pulls the next page when fewer wait. */
    private static final int LOW = 16;
    /** Characters of content that may wait, unless it is one message. */
    private static final int MAX_CONTENT = 1024 * 1024;

    private static final int MAX_ORIGINS = 128;
    /** In sweeps. */
    private static final int LONGEST_PAUSE = 30;

    private static final long NOTHING = Long.MAX_VALUE;

    private final Session session;
    private final Adapter adapter;
    private final Courier courier;
    /** By sequence. */
    private @Nullable TreeMap<Long, Letter> queue;

    private @Nullable Map<Long, Letter> underway;
    /** Who waits to hear of messages that are still to be pulled. */
    private @Nullable Map<Long, Address> origins;
    /** What was done with while a page was being read, which may hold it still. */
    private @Nullable Set<Long> doneMeanwhile;

    private int content;
    /** All up to this sequence was read from the table. */
    private long cursor;
    /** From where to read again after the page that is being read. */
    private long again = NOTHING;
    /** The highest that was ever taken; 0 for none. */
    private long highest;
    /** The table may have more; so it may when the connection opens. */
    private boolean more = true;

    private boolean pulling;
    /** Whether the page that is being read was asked for before all was to be read anew. */
    private boolean outdated;

    private boolean closed;
    /** Sweep before which nothing is pulled, after a failure. */
    private int pullAfter;

    private int pause;

    Mailbox(Session session, Adapter adapter, Courier courier) {
        this.session = session;
        this.adapter = adapter;
        this.courier = courier;
    }

    /**
     * Takes a message that is handed over, or remembers that the table has it.
     *
     * @param behind the message that has to go before it
     */
    void offer(QueuedMessage message, long behind, Address origin) {
        long sequence = message.sequence();
        Letter known = known(sequence);
        if (known != null) {
            known.askedBy(origin);
            known.want();
        } else if (pulling || more || !hasRoom() || sequence <= highest) {
            // one that is older than others may have been here already; the table knows
            remember(sequence, origin);
            look(sequence - 1);
        } else if (behind > highest) {
            // of one before it nobody has told us, as happens when a node or the way to it is lost
            remember(sequence, origin);
            look(0);
        } else {
            take(message, origin);
        }
    }

    /** Reads the table again, from behind this sequence. */
    void look(long after) {
        if (pulling) {
            again = Math.min(again, after);
        } else {
            cursor = Math.min(cursor, after);
            more = true;
        }
    }

    /** Puts back what is not yet sent and reads all anew: what was passed over comes before it. */
    void startOver() {
        if (queue != null) {
            queue.values().forEach(letter -> letter.origin().ifPresent(asker -> remember(letter.sequence(), asker)));
            queue = null;
            content = 0;
        }
        outdated = pulling;
        look(0);
    }

    /** Forgets a message that was given up and has not been sent. */
    void withdraw(MessageKey key) {
        if (queue != null) {
            queue.values().stream()
                    .filter(letter -> letter.key().equals(key))
                    .findFirst()
                    .ifPresent(this::remove);
        }
    }

    /** The next to be sent. */
    Optional<Letter> first() {
        return queue == null ? Optional.empty() : Optional.of(queue.firstEntry().getValue());
    }

    /** Takes a message out of the queue for good. */
    void remove(Letter letter) {
        if (queue != null && queue.remove(letter.sequence()) != null) {
            content -= letter.bytes();
            if (queue.isEmpty()) {
                queue = null;
            }
        }
    }

    /** Takes a message out of the queue that stays known until it is {@link #done}. */
    void depart(Letter letter) {
        remove(letter);
        if (underway == null) {
            underway = new HashMap<>(4);
        }
        underway.put(letter.sequence(), letter);
    }

    void done(Letter letter) {
        if (underway != null && underway.remove(letter.sequence()) != null && underway.isEmpty()) {
            underway = null;
        }
        // one that was parked is in the table, and the page is the chance of it
        if (pulling && !letter.isParked()) {
            doneMeanwhile = doneMeanwhile == null ? new HashSet<>(4) : doneMeanwhile;
            doneMeanwhile.add(letter.sequence());
        }
    }

    int underway() {
        return underway == null ? 0 : underway.size();
    }

    /** Whether there is something to do when the time has come. */
    boolean isIdle() {
        return queue == null && !more;
    }

    /** Reads the next page if there is one and room for it. */
    void pull() {
        boolean room = queue == null || (queue.size() < LOW && content < MAX_CONTENT);
        if (closed || pulling || !more || !room || adapter.connections().seconds() < pullAfter) {
            return;
        }
        pulling = true;
        more = false;
        adapter.bus()
                .ask(new FetchWaiting(session.device(), session.epoch(), cursor, PAGE))
                .onSuccess(this::pulled)
                .onFailure(this::notPulled);
    }

    void close() {
        closed = true;
        queue = null;
        underway = null;
        origins = null;
    }

    private void pulled(Waiting page) {
        adapter.meters().pulls().count(Meters.Pull.OK);
        pulling = false;
        pause = 0;
        if (closed) {
            return;
        }
        if (!outdated) {
            takeAll(page);
        }
        outdated = false;
        doneMeanwhile = null;
        if (again != NOTHING) {
            cursor = Math.min(cursor, again);
            more = true;
            again = NOTHING;
        }
        if (!more) {
            origins = null;
        }
        courier.deliver();
    }

    private void takeAll(Waiting page) {
        more = page.more();
        for (QueuedMessage message : page.messages()) {
            if (content >= MAX_CONTENT) {
                more = true;
                return;
            }
            cursor = message.sequence();
            Letter known = known(cursor);
            if (known != null && known.isParked()) {
                // read on from here when it is reported, or what comes after it would overtake it
                known.want();
                more = false;
                return;
            }
            if (known == null && (doneMeanwhile == null || !doneMeanwhile.contains(cursor))) {
                take(message, origins == null ? null : origins.remove(cursor));
            }
        }
    }

    private void notPulled(Throwable e) {
        adapter.meters().pulls().count(Meters.Pull.FAILED);
        pulling = false;
        outdated = false;
        doneMeanwhile = null;
        more = true;
        cursor = Math.min(cursor, again);
        again = NOTHING;
        pause = Math.clamp(2L * pause, 1, LONGEST_PAUSE);
        pullAfter = adapter.connections().seconds() + pause;
        if (!closed && adapter.logs().permits()) {
            LOGGER.warn("device={} messages cannot be read, error={}", session.device(), e.getMessage());
        }
    }

    private void take(QueuedMessage message, @Nullable Address origin) {
        Letter letter = new Letter(message, origin, System.nanoTime());
        letter.add(new TimelineStep(
                adapter.clock().instant(),
                TimelineStep.Kind.ROUTED,
                adapter.identity().name()));
        if (queue == null) {
            queue = new TreeMap<>();
        }
        queue.put(letter.sequence(), letter);
        content += letter.bytes();
        highest = Math.max(highest, letter.sequence());
    }

    private boolean hasRoom() {
        return queue == null || (queue.size() < PAGE && content < MAX_CONTENT);
    }

    private void remember(long sequence, Address origin) {
        origins = origins == null ? new HashMap<>(4) : origins;
        if (origins.size() < MAX_ORIGINS) {
            origins.put(sequence, origin);
        }
    }

    private @Nullable Letter known(long sequence) {
        Letter waiting = queue == null ? null : queue.get(sequence);
        return waiting != null || underway == null ? waiting : underway.get(sequence);
    }
}
