// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.RequestId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
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
    /** By packet id, oldest first. */
    private @Nullable LinkedHashMap<Integer, Sent> sent;

    /** What has a packet id. */
    sealed interface Content permits Call, Copy, Letter {}

    record Call(RequestId request) implements Content {}

    /** Of a broadcast or an event: nobody waits for its end. */
    record Copy() implements Content {}

    /** @param since in sweeps */
    private record Sent(Content content, int since) {}

    /** @param max how many there may be at a time, less than 65,535 */
    Inflight(int max) {
        this.max = Math.min(max, MAX_ID - 1);
    }

    boolean isFull() {
        return sent != null && sent.size() >= max;
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
        if (sent == null) {
            return false;
        }
        return (isFull() && isOld(sent.firstEntry().getValue(), now)) || (letters >= maxLetters() && isOldLetter(now));
    }

    private boolean isOldLetter(int now) {
        return sent != null
                && sent.values().stream()
                        .filter(one -> one.content() instanceof Letter)
                        .findFirst()
                        .filter(one -> isOld(one, now))
                        .isPresent();
    }

    private static boolean isOld(Sent one, int now) {
        return now - one.since() >= MAX_WAIT;
    }

    /** Takes the next free packet id; there must be room. */
    int take(Content content, int now) {
        if (isFull()) {
            throw new IllegalStateException("the window is full");
        }
        if (sent == null) {
            sent = new LinkedHashMap<>(4);
        }
        do {
            last = last == MAX_ID ? 1 : last + 1;
        } while (sent.containsKey(last));
        sent.put(last, new Sent(content, now));
        letters += content instanceof Letter ? 1 : 0;
        return last;
    }

    /** Empty for an id that is not in flight. */
    Optional<Content> acknowledged(int packetId) {
        Sent known = sent == null ? null : sent.remove(packetId);
        if (sent == null || known == null) {
            return Optional.empty();
        }
        if (sent.isEmpty()) {
            sent = null;
        }
        letters -= known.content() instanceof Letter ? 1 : 0;
        return Optional.of(known.content());
    }

    boolean has(RequestId request) {
        return sent != null
                && sent.values().stream()
                        .anyMatch(one -> one.content() instanceof Call call
                                && call.request().equals(request));
    }

    /** The messages, oldest first. */
    List<Letter> letters() {
        if (sent == null || letters == 0) {
            return List.of();
        }
        return sent.values().stream()
                .map(Sent::content)
                .filter(Letter.class::isInstance)
                .map(Letter.class::cast)
                .toList();
    }
}
