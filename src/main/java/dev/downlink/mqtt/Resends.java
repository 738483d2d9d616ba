// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.mqtt.Meters.MessageEvent;
import java.time.Duration;

/**
 * Sends messages again that a device has not acknowledged in time, on the same connection: only with MQTT 3, since MQTT 5 forbids it
 * (MQTT 5 §4.4). Belongs to one connection.
 */
final class Resends {
    private final Outgoing outgoing;
    private final Session session;
    private final Adapter adapter;
    private final boolean needed;

    Resends(Outgoing outgoing, Session session, Adapter adapter, boolean mqtt5) {
        this.outgoing = outgoing;
        this.session = session;
        this.adapter = adapter;
        needed = !mqtt5
                && adapter.messages().resendInterval().isPositive()
                && adapter.messages().maxSends() > 1;
    }

    /** Whether a message may be needed again when it is sent. */
    boolean areNeeded() {
        return needed;
    }

    /** Once a second, while messages are in flight. */
    void sweep(int now) {
        if (needed) {
            outgoing.lettersInFlight().stream()
                    .filter(letter -> isDue(letter, now))
                    .forEach(letter -> resend(letter, now));
        }
    }

    private boolean isDue(Letter letter, int now) {
        Duration waited = Duration.ofSeconds(now - letter.lastSent());
        // the second in which it was sent had begun before
        boolean late = waited.compareTo(adapter.messages().resendInterval()) > 0;
        return late && letter.sends() < adapter.messages().maxSends() && !letter.isExpired(System.nanoTime());
    }

    private void resend(Letter letter, int now) {
        MessagePacket packet = MessagePacket.of(letter, letter.message().topicOn(session.device()), false);
        if (outgoing.publishAgain(packet, letter)) {
            adapter.meters().messages().count(MessageEvent.RESENT);
            letter.sentAgain(now);
            letter.published(adapter.clock().instant(), 1);
        }
    }
}
