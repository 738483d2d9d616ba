// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.bus.Incidents;
import dev.downlink.config.Settings.Messages.DeliveredOn;
import dev.downlink.model.MessageError;
import dev.downlink.model.TimelineStep;
import dev.downlink.model.TimelineStep.Kind;
import dev.downlink.mqtt.Meters.MessageEvent;
import dev.downlink.protocol.AdapterRequest.DeliverMessage;
import dev.downlink.protocol.DeliveryRequest.Fate;
import dev.downlink.protocol.DeliveryRequest.Settle;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.MessageKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings messages to one device: in order, within the window, each one copy; and reports what became of each (southbound
 * §4). Belongs to one connection.
 */
final class Courier {
    private static final Logger LOGGER = LoggerFactory.getLogger(Courier.class);
    /** Bytes that may be in flight, unless it is one message. */
    private static final long MAX_UNACKNOWLEDGED = 512 * 1024;
    /** In sweeps: how long the previous holder of the device may take to say what it delivered. */
    private static final int MAX_HAND_OVER = 2;
    /** In sweeps, between two looks that are caused by data from the device. */
    private static final int UPLINK_PAUSE = 10;

    private final Outgoing outgoing;
    private final Session session;
    private final Adapter adapter;
    private final boolean mqtt5;
    private final Mailbox mailbox;
    private final Resends resends;

    private long unacknowledged;
    /** Reports that are not answered. */
    private int reports;
    /** Whether messages wait in the table for a subscription. */
    private boolean parked;

    private boolean open;
    private int openedAt;
    private int lookedAt;
    /** Completed when all is reported; null before the end. */
    private @Nullable Promise<Void> settled;

    Courier(Outgoing outgoing, Session session, Adapter adapter, boolean mqtt5) {
        this.outgoing = outgoing;
        this.session = session;
        this.adapter = adapter;
        this.mqtt5 = mqtt5;
        mailbox = new Mailbox(session, adapter, this);
        resends = new Resends(outgoing, session, adapter, mqtt5);
    }

    /** The device is in. Waits until the previous holder has said what it delivered, but not for long. */
    void begin(Future<?> handedOver) {
        openedAt = adapter.connections().seconds();
        lookedAt = openedAt;
        handedOver.onComplete(_ -> open());
    }

    private void open() {
        open = true;
        deliver();
    }

    void offer(DeliverMessage offered) {
        mailbox.offer(offered.message(), offered.behind(), offered.origin());
        deliver();
    }

    void withdraw(MessageKey key) {
        mailbox.withdraw(key);
    }

    /** Reads all that the table has for this device. */
    void look() {
        parked = false;
        lookedAt = adapter.connections().seconds();
        mailbox.look(0);
        deliver();
    }

    /** The device subscribed to something. */
    void subscribed() {
        if (parked) {
            parked = false;
            mailbox.startOver();
            deliver();
        }
    }

    /** Messages may have come to this connection or gone from it. */
    void startOver() {
        parked = false;
        lookedAt = adapter.connections().seconds();
        mailbox.startOver();
        deliver();
    }

    /** The device sent data: for some that is the sign to send what waits. */
    void heard() {
        if (parked && adapter.connections().seconds() - lookedAt >= UPLINK_PAUSE) {
            look();
        }
    }

    /** Sends what there is room for. */
    void deliver() {
        if (!open || isEnded()) {
            return;
        }
        Optional<Letter> next = mailbox.first();
        while (next.isPresent() && mailbox.underway() < outgoing.maxLetters() && moves(next.get())) {
            next = mailbox.first();
        }
        mailbox.pull();
    }

    /** One that cannot be handled stays in the table until its time is over, and must not hold up the others. */
    private boolean moves(Letter letter) {
        try {
            return dealtWith(letter);
        } catch (RuntimeException e) {
            Failure.Internal incident = Incidents.failure(e, "message");
            LOGGER.warn(
                    "device={} message={} not sent, incident={}",
                    letter.key().device(),
                    letter.key().id(),
                    incident.incident());
            mailbox.remove(letter);
            return true;
        }
    }

    /** Deals with the first in the queue; false when it has to wait. */
    private boolean dealtWith(Letter letter) {
        if (letter.isExpired(System.nanoTime())) {
            adapter.meters().messages().count(MessageEvent.EXPIRED);
            mailbox.remove(letter);
            return true;
        }
        String topic = letter.message().topicOn(session.device());
        int qos = session.qosOf(topic);
        if (qos < 0) {
            park(letter, topic);
            return true;
        }
        MessagePacket packet = MessagePacket.of(letter, topic, mqtt5);
        if (packet.size() > session.maxPacket()) {
            adapter.meters().messages().count(MessageEvent.TOO_LARGE);
            mailbox.depart(letter);
            letter.forgetPayload();
            report(letter, Fate.FAILED, MessageError.TOO_LARGE_FOR_DEVICE);
            return true;
        }
        boolean tooMuch = unacknowledged > 0 && unacknowledged + letter.payload().length > MAX_UNACKNOWLEDGED;
        if (tooMuch || !outgoing.takes(packet.size(), qos)) {
            return false;
        }
        mailbox.depart(letter);
        publish(letter, packet, qos);
        return true;
    }

    /** It stays in the table until the device subscribes, unless it was not to wait. */
    private void park(Letter letter, String topic) {
        if (letter.message().ttl() > 0) {
            parked = true;
            letter.park();
            if (letter.error() == MessageError.NOT_SUBSCRIBED) {
                mailbox.remove(letter);
                return;
            }
        }
        adapter.meters().messages().count(MessageEvent.PARKED);
        mailbox.depart(letter);
        step(letter, Kind.NOT_SUBSCRIBED, topic);
        report(letter, letter.message().ttl() > 0 ? Fate.WAITING : Fate.FAILED, MessageError.NOT_SUBSCRIBED);
    }

    private void publish(Letter letter, MessagePacket packet, int qos) {
        adapter.meters().messages().count(MessageEvent.PUBLISHED);
        outgoing.publish(packet, qos, letter);
        letter.published(adapter.clock().instant(), qos);
        if (qos == 0) {
            letter.landed();
            letter.forgetPayload();
            report(letter, Fate.DELIVERED, null);
            return;
        }
        unacknowledged += packet.payload().length;
        if (!resends.areNeeded()) {
            letter.forgetPayload();
        }
        if (adapter.messages().deliveredOn() == DeliveredOn.WRITE) {
            report(letter, Fate.WRITTEN, null);
        }
    }

    /** @param reason of the device's PUBACK */
    void acknowledged(Letter letter, int reason) {
        letter.landed();
        unacknowledged -= letter.size();
        letter.forgetPayload();
        if (reason < 0x80) {
            adapter.meters().messages().count(MessageEvent.ACKNOWLEDGED);
            step(letter, Kind.ACKNOWLEDGED, null);
            report(letter, Fate.DELIVERED, null);
        } else {
            adapter.meters().messages().count(MessageEvent.REFUSED);
            step(letter, Kind.ACKNOWLEDGED, "reason 0x" + Integer.toHexString(reason));
            report(letter, Fate.FAILED, MessageError.REFUSED_BY_DEVICE);
        }
    }

    /** Once a second: what waits for time to pass. */
    void sweep(int now) {
        if (!open && now - openedAt >= MAX_HAND_OVER) {
            open();
        } else if (!mailbox.isIdle()) {
            deliver();
        }
        if (mailbox.underway() > 0) {
            resends.sweep(now);
        }
    }

    // reports

    private void report(Letter letter, Fate fate, @Nullable MessageError error) {
        reports++;
        Settle report = letter.report(fate, error);
        if (letter.mayReport(report)) {
            adapter.settlements().report(this, letter, report);
        }
    }

    /** A report is recorded, or given up. */
    void answered(Letter letter) {
        reports--;
        Settle next = letter.answered();
        if (next != null) {
            adapter.settlements().report(this, letter, next);
        }
        if (settled != null) {
            completeWhenSettled(settled);
            return;
        }
        if (letter.isDone()) {
            mailbox.done(letter);
            if (letter.isPassedOver()) {
                mailbox.look(letter.sequence() - 1);
            }
        }
        deliver();
    }

    private void step(Letter letter, Kind kind, @Nullable String detail) {
        letter.add(new TimelineStep(adapter.clock().instant(), kind, detail));
    }

    // the end

    /** Gives back what was not acknowledged; completes when everything is reported. */
    Future<Void> end() {
        Promise<Void> promise = Promise.promise();
        settled = promise;
        // not complete before all are reported, though some may be given up at once
        reports++;
        for (Letter letter : outgoing.lettersInFlight()) {
            letter.landed();
            letter.forgetPayload();
            adapter.meters().messages().count(MessageEvent.RETURNED);
            step(letter, Kind.RETURNED, null);
            report(letter, Fate.WAITING, null);
        }
        mailbox.close();
        reports--;
        completeWhenSettled(promise);
        return promise.future();
    }

    private void completeWhenSettled(Promise<Void> promise) {
        if (reports == 0) {
            promise.tryComplete();
        }
    }

    boolean isEnded() {
        return settled != null;
    }
}
