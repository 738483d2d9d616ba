// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Topics;
import dev.downlink.mqtt.Meters.Dropped;
import dev.downlink.mqtt.Receipts.Receipt;
import dev.downlink.protocol.UplinkRequest.ReportMessage;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import java.io.IOException;

/**
 * Messages of devices: on the topic for them, on topics of the product and on free ones (southbound §2.3, §2.8). Belongs to one
 * verticle instance.
 */
final class MessagesUp {
    private final Intake intake;
    private final Handing handing;

    MessagesUp(Intake intake, Handing handing) {
        this.intake = intake;
        this.handing = handing;
    }

    /** On the topic for messages. A gateway may name one of its sub-devices in it; nobody may name another device. */
    void take(DeviceConnection connection, Receipt receipt, boolean packed, MqttPublishMessage packet) {
        DeviceId own = connection.session().device();
        try {
            byte[] payload = intake.payload(connection, packet, packed, Reports.MAX_UNPACKED);
            MessageContent content = MessageContent.of(payload);
            DeviceId sender = content.device().map(DeviceId::new).orElse(own);
            hand(own, sender, receipt, Topics.messagesUp(own), payload.length, content);
        } catch (IOException e) {
            receipt.drop(Dropped.NOT_UNPACKED, PubAck.PAYLOAD_FORMAT_INVALID);
        } catch (InvalidField e) {
            receipt.drop(Dropped.DEVICE_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
        }
    }

    /** On another topic that the device may publish to. */
    void take(DeviceConnection connection, Receipt receipt, String topic, MqttPublishMessage packet) {
        take(connection, receipt, topic, ByteBufUtil.getBytes(packet.payload()));
    }

    void take(DeviceConnection connection, Receipt receipt, String topic, byte[] payload) {
        DeviceId own = connection.session().device();
        hand(own, own, receipt, topic, payload.length, MessageContent.of(payload));
    }

    private void hand(
            DeviceId connection, DeviceId sender, Receipt receipt, String topic, int size, MessageContent content) {
        handing.hand(receipt, size, new ReportMessage(connection, sender, topic, content.content(), content.base64()));
    }
}
