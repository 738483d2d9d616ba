// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.Message;
import dev.downlink.model.MessageError;
import dev.downlink.model.TimelineStep;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.MessageKey;
import dev.downlink.protocol.QueuedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A message that this instance took from the table. What happens to it is written down here and reported together, to save
 * writes. Belongs to one connection.
 */
final class Letter implements Inflight.Content {
    private final QueuedMessage message;
    /** By {@link System#nanoTime}. */
    private final long deadline;

    private @Nullable Address origin;
    private List<TimelineStep> steps = new ArrayList<>(4);
    /** Null before it is first needed, and as soon as it is not needed any more. */
    private byte @Nullable [] payload;

    private int packetId;
    /** Of the payload that is in flight, in bytes. */
    private int size;

    private int sends;
    /** In sweeps. */
    private int lastSent;

    private boolean inFlight;
    /** Whether it waits in the table for a subscription. */
    private boolean parked;
    /** Whether it was found there again while its report was under way. */
    private boolean wanted;

    private boolean reporting;
    /** What is to be said next when the report that is under way is answered. */
    private @Nullable Settle next;

    Letter(QueuedMessage message, @Nullable Address origin, long nanoTime) {
        this.message = message;
        this.origin = origin;
        long remaining = TimeUnit.NANOSECONDS.convert(message.remaining());
        deadline = nanoTime + Math.clamp(remaining, 0, Long.MAX_VALUE / 2);
    }

    long sequence() {
        return message.sequence();
    }

    MessageKey key() {
        return message.key();
    }

    Message message() {
        return message.message();
    }

    /** What the table says of it already. */
    @Nullable
    MessageError error() {
        return message.error();
    }

    /** Of its content, in memory. */
    int bytes() {
        return message.message().content().text().length();
    }

    /** Rounded up; 0 or less when its time is over. */
    long remainingSeconds(long nanoTime) {
        return Math.ceilDiv(deadline - nanoTime, TimeUnit.SECONDS.toNanos(1));
    }

    boolean isExpired(long nanoTime) {
        return deadline - nanoTime <= 0;
    }

    /** Who waits to hear of it, unless that is known. */
    void askedBy(@Nullable Address asker) {
        if (origin == null) {
            origin = asker;
        }
    }

    Optional<Address> origin() {
        return Optional.ofNullable(origin);
    }

    void add(TimelineStep step) {
        steps.add(step);
    }

    /** Notes the last copy that was sent. */
    void published(Instant at, int qos) {
        add(new TimelineStep(at, TimelineStep.Kind.PUBLISHED, "QoS " + qos + ", attempt " + sends));
    }

    byte[] payload() {
        if (payload == null) {
            payload = MessageBody.of(key(), message());
        }
        return payload;
    }

    void forgetPayload() {
        payload = null;
    }

    void sent(int id, int bytes, int now) {
        packetId = id;
        size = bytes;
        inFlight = true;
        sentAgain(now);
    }

    void sentAgain(int now) {
        sends++;
        lastSent = now;
    }

    int size() {
        return size;
    }

    int packetId() {
        return packetId;
    }

    int sends() {
        return sends;
    }

    int lastSent() {
        return lastSent;
    }

    void landed() {
        inFlight = false;
    }

    void park() {
        parked = true;
    }

    boolean isParked() {
        return parked;
    }

    /** It was met again by who reads the table. */
    void want() {
        wanted = true;
    }

    /** Whether it was passed over because it was being parked, and has to be looked at again. */
    boolean isPassedOver() {
        return parked && wanted;
    }

    /** Whether nothing more is to happen to it here. */
    boolean isDone() {
        return !inFlight && !reporting;
    }

    /** What there is to report; only the first that may be the end is for who waits. */
    Settle report(Fate fate, @Nullable MessageError error) {
        List<TimelineStep> since = List.copyOf(steps);
        steps = new ArrayList<>(2);
        Settle report = new Settle(key(), fate, error, since, origin);
        if (fate != Fate.WAITING) {
            origin = null;
        }
        return report;
    }

    /** False when another report is under way, behind which it has to wait. */
    boolean mayReport(Settle report) {
        if (reporting) {
            next = report;
            return false;
        }
        reporting = true;
        return true;
    }

    /** The report was answered: what is to be said now, null when that was all. */
    @Nullable
    Settle answered() {
        Settle following = next;
        next = null;
        reporting = following != null;
        return following;
    }
}
