// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.mqtt.Meters.Dropped;
import dev.downlink.mqtt.Receipts.Receipt;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import java.io.IOException;

/** Events that devices publish (southbound §2.7), acknowledged when they are dealt with. Belongs to one verticle instance. */
final class EventReports {
    private final Intake intake;
    private final Events events;

    EventReports(Intake intake, Events events) {
        this.intake = intake;
        this.events = events;
    }

    void take(DeviceConnection connection, Receipt receipt, boolean packed, MqttPublishMessage packet) {
        try {
            EventsUp up = EventsUp.read(intake.payload(connection, packet, packed, EventsUp.MAX_UNPACKED));
            var _ = events.receive(connection, up).onSuccess(verdict -> settle(receipt, verdict));
        } catch (IOException e) {
            // its message may quote the payload
            settle(receipt, Events.Verdict.MALFORMED);
        }
    }

    private static void settle(Receipt receipt, Events.Verdict verdict) {
        switch (verdict) {
            case TAKEN -> receipt.settle(PubAck.SUCCESS);
            case FOREIGN -> receipt.drop(Dropped.DEVICE_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
            case MALFORMED -> receipt.drop(Dropped.EVENTS_MALFORMED, PubAck.PAYLOAD_FORMAT_INVALID);
            case BUSY -> receipt.abandon(PubAck.QUOTA_EXCEEDED);
            case FAILED -> receipt.abandon(PubAck.IMPLEMENTATION_SPECIFIC_ERROR);
        }
    }
}
