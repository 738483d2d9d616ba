// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.DeviceId;
import dev.downlink.mqtt.Meters.Dropped;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a device published and has not heard of yet. It hears in the order in which it published (MQTT §4.6). While much of it is
 * in hand the connection is not read, so a device that says more than can be dealt with waits for itself alone. Belongs to one
 * connection.
 */
final class Receipts {
    private static final Logger LOGGER = LoggerFactory.getLogger(Receipts.class);
    /** What a device that speaks MQTT 5 was told that it may send unacknowledged. */
    private static final int MAX_IN_HAND = Packets.UPLINK_WINDOW;

    private static final int MAX_BYTES_IN_HAND = 2 * 1024 * 1024;
    /**
     * A client that speaks MQTT 3 holds what is not acknowledged and sends it again when it has connected again, and only then;
     * the usual library sends nothing any more with ten of them.
     */
    private static final int MAX_ABANDONED = 10;

    private final DeviceConnection connection;
    private final DeviceId device;
    private final Adapter adapter;
    private final Deque<Receipt> unacknowledged = new ArrayDeque<>(2);
    private int inHand;
    private int bytesInHand;
    private boolean paused;
    private int abandoned;

    Receipts(DeviceConnection connection, DeviceId device, Adapter adapter) {
        this.connection = connection;
        this.device = device;
        this.adapter = adapter;
    }

    /** For a PUBLISH that has come; it has to be settled in one way or another. */
    Receipt open(MqttPublishMessage packet) {
        boolean wanted = packet.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE;
        Receipt receipt = new Receipt(
                wanted, packet.variableHeader().packetId(), packet.fixedHeader().remainingLength());
        if (wanted) {
            unacknowledged.add(receipt);
        }
        inHand++;
        bytesInHand += receipt.size;
        if (!paused && isFull()) {
            paused = true;
            connection.pause();
        }
        return receipt;
    }

    private boolean isFull() {
        return inHand >= MAX_IN_HAND || bytesInHand >= MAX_BYTES_IN_HAND;
    }

    private void settled(Receipt receipt) {
        inHand--;
        bytesInHand -= receipt.size;
        acknowledge();
        if (paused && !isFull()) {
            paused = false;
            connection.resume();
        }
    }

    private void acknowledge() {
        Receipt first = unacknowledged.peek();
        while (first != null && first.settled) {
            unacknowledged.remove();
            if (first.reason != null) {
                connection.send(Packets.pubAck(first.packetId, first.reason.byteValue()));
            }
            first = unacknowledged.peek();
        }
    }

    /** One PUBLISH until its device has heard of it. */
    final class Receipt {
        private final boolean wanted;
        private final int packetId;
        private final int size;
        private boolean settled;
        private @Nullable PubAck reason;

        private Receipt(boolean wanted, int packetId, int size) {
            this.wanted = wanted;
            this.packetId = packetId;
            this.size = size;
        }

        /** In bytes of the packet. */
        int size() {
            return size;
        }

        /** Acknowledges it; a device that speaks MQTT 3 does not get to see the reason. */
        void settle(PubAck why) {
            reason = why;
            settled = true;
            settled(this);
        }

        /** The same for a PUBLISH that is dropped for good. */
        void drop(Dropped why, PubAck code) {
            adapter.meters().dropped().count(why);
            if (adapter.logs().permits()) {
                LOGGER.warn("device={} PUBLISH dropped reason={}", device, why);
            }
            settle(code);
        }

        /**
         * It was not dealt with, and may be when it comes again: MQTT 5 has a word for that, with MQTT 3 it is not acknowledged. When
         * a device has many such, it is sent away, because only then will it send them again.
         */
        void abandon(PubAck code) {
            adapter.meters().dropped().count(Dropped.NOT_TAKEN);
            if (!wanted || connection.isMqtt5()) {
                settle(code);
                return;
            }
            settled = true;
            settled(this);
            abandoned++;
            if (abandoned >= MAX_ABANDONED) {
                connection.close(Closing.SERVER_BUSY);
            }
        }
    }
}
