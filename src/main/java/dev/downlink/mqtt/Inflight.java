// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.RequestId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Packet ids of what was sent with QoS 1 and the device has not acknowledged. An id is not used again while it is in here.
 * Messages leave a part of the window to calls. Belongs to one connection; takes next to no memory while nothing is in
 * flight.
 */
final class Inflight {
    private static final int MAX_ID = 65_535;
    /** In sweeps. */
    private static final int MAX_WAIT = 60;

    private final int max;
    private int letters;
    private int last;
    /** Mostly the only one; when there are more, it is older than they. */
    private @Nullable Sent first;
    /** The others by packet id, oldest first. */
    private @Nullable LinkedHashMap<Integer, Sent> more;

    /** What has a packet id. */
    sealed interface Content permits Call, Copy, Letter {}

    record Call(RequestId request) implements Content {}

    /** Of a broadcast or an event: nobody waits for its end. */
    record Copy() implements Content {}

    /** @param since in sweeps */
    private record Sent(int packetId, Content content, int since) {}

    /** @param max how many there may be at a time, less than 65,535 */
    Inflight(int max) {
        this.max = Math.min(max, MAX_ID - 1);
    }

    boolean isFull() {
        return size() >= max;
    }

    private int size() {
        return (first == null ? 0 : 1) + (more == null ? 0 : more.size());
    }

    /** How many messages there may be at a time. */
    int maxLetters() {
        return Math.max(1, max * 3 / 4);
    }

    /** Whether one message more may be sent. */
    boolean takesLetter() {
        return !isFull() && letters < maxLetters();
    }

    /** Whether the window, or the part for messages, is full of what the device will not acknowledge any more. */
    boolean isStuck(int now) {
        return (isFull() && isOld(oldestFirst(), now))
                || (letters >= maxLetters()
                        && isOld(oldestFirst().filter(one -> one.content() instanceof Letter), now));
    }

    private static boolean isOld(Stream<Sent> oldestFirst, int now) {
        return oldestFirst
                .findFirst()
                .filter(one -> now - one.since() >= MAX_WAIT)
                .isPresent();
    }

    /** Takes the next free packet id; there must be room. */
    int take(Content content, int now) {
        if (isFull()) {
            throw new IllegalStateException("the window is full");
        }
        do {
            last = last == MAX_ID ? 1 : last + 1;
        } while (isTaken(last));
        add(new Sent(last, content, now));
        letters += content instanceof Letter ? 1 : 0;
        return last;
    }

    private boolean isTaken(int packetId) {
        return (first != null && first.packetId() == packetId) || (more != null && more.containsKey(packetId));
    }

    private void add(Sent one) {
        if (first == null && more == null) {
            first = one;
            return;
        }
        if (more == null) {
            more = new LinkedHashMap<>(4);
        }
        more.put(one.packetId(), one);
    }

    /** Empty for an id that is not in flight. */
    Optional<Content> acknowledged(int packetId) {
        Sent known = remove(packetId);
        if (known == null) {
            return Optional.empty();
        }
        letters -= known.content() instanceof Letter ? 1 : 0;
        return Optional.of(known.content());
    }

    private @Nullable Sent remove(int packetId) {
        if (first != null && first.packetId() == packetId) {
            Sent known = first;
            first = null;
            return known;
        }
        if (more == null) {
            return null;
        }
        Sent known = more.remove(packetId);
        if (more.isEmpty()) {
            more = null;
        }
        return known;
    }

    boolean has(RequestId request) {
        return oldestFirst()
                .anyMatch(one ->
                        one.content() instanceof Call call && call.request().equals(request));
    }

    /** The messages, oldest first. */
    List<Letter> letters() {
        if (letters == 0) {
            return List.of();
        }
        return oldestFirst()
                .map(Sent::content)
                .filter(Letter.class::isInstance)
                .map(Letter.class::cast)
                .toList();
    }

    private Stream<Sent> oldestFirst() {
        return Stream.concat(Stream.ofNullable(first), more == null ? Stream.empty() : more.values().stream());
    }
}
