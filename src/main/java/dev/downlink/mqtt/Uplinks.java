// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.Product;
import dev.downlink.model.RequestId;
import dev.downlink.model.Topics;
import dev.downlink.model.Uplink;
import dev.downlink.mqtt.Meters.Dropped;
import dev.downlink.mqtt.Meters.Kind;
import dev.downlink.mqtt.Receipts.Receipt;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Notice;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices publish (southbound §3.5). An answer goes to the correlator that its request id names, what is reported to the
 * uplink room; nothing is ever routed to subscriptions. Belongs to one verticle instance.
 */
final class Uplinks {
    private static final Logger LOGGER = LoggerFactory.getLogger(Uplinks.class);

    private final Adapter adapter;
    private final Intake intake;
    private final Reports reports;
    private final MessagesUp messages;
    private final ShadowGets shadowGets;
    private final Events events;

    Uplinks(Adapter adapter, Events events) {
        this.adapter = adapter;
        this.events = events;
        intake = new Intake(adapter);
        Handing handing = new Handing(adapter);
        reports = new Reports(intake, handing, adapter);
        messages = new MessagesUp(intake, handing);
        shadowGets = new ShadowGets(intake, adapter);
    }

    void receive(DeviceConnection connection, Session session, MqttPublishMessage packet) {
        Optional<Closing> violation = violation(connection, packet);
        if (violation.isPresent()) {
            connection.misbehaved(violation.get());
            return;
        }
        intake.count(connection, packet);
        Receipt receipt = connection.receipts().open(packet);
        Uplink uplink = Topics.uplink(session.device(), packet.variableHeader().topicName());
        adapter.meters().uplinks().count(Kind.of(uplink));
        connection.courier().heard();
        switch (uplink) {
            case Uplink.Answer answer -> answer(connection, receipt, answer, packet);
            case Uplink.Report report -> report(connection, receipt, report, packet);
            case Uplink.ShadowGet get -> shadowGets.receive(connection, receipt, get, packet);
            case Uplink.Free free -> messages.take(connection, receipt, free.topic(), packet);
            case Uplink.Custom custom -> custom(connection, receipt, custom, packet);
            case Uplink.Unknown _ -> receipt.drop(Dropped.UNKNOWN_TOPIC, PubAck.TOPIC_NAME_INVALID);
            case Uplink.Foreign _ -> receipt.drop(Dropped.TOPIC_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
        }
    }

    private void report(DeviceConnection connection, Receipt receipt, Uplink.Report report, MqttPublishMessage packet) {
        switch (report.kind()) {
            case PROPERTIES -> reports.own(connection, receipt, report.gzip(), packet);
            case SUB_DEVICE_PROPERTIES -> reports.subDevices(connection, receipt, report.gzip(), packet);
            case MESSAGE -> messages.take(connection, receipt, report.gzip(), packet);
            case EVENTS -> events(connection, receipt, report.gzip(), packet);
        }
    }

    private void events(DeviceConnection connection, Receipt receipt, boolean gzip, MqttPublishMessage packet) {
        try {
            EventsUp up = EventsUp.read(intake.payload(connection, packet, gzip, EventsUp.MAX_UNPACKED));
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

    private static Optional<Closing> violation(DeviceConnection connection, MqttPublishMessage packet) {
        if (packet.fixedHeader().qosLevel() == MqttQoS.EXACTLY_ONCE) {
            return Optional.of(Closing.QOS_NOT_SUPPORTED);
        }
        if (packet.fixedHeader().isRetain() && connection.isMqtt5()) {
            return Optional.of(Closing.RETAIN_NOT_SUPPORTED);
        }
        boolean alias = packet.variableHeader().properties().getProperty(MqttProperties.TOPIC_ALIAS) != null;
        return alias || packet.variableHeader().topicName().isEmpty()
                ? Optional.of(Closing.TOPIC_ALIAS_INVALID)
                : Optional.empty();
    }

    private void answer(DeviceConnection connection, Receipt receipt, Uplink.Answer answer, MqttPublishMessage packet) {
        DeviceId device = connection.session().device();
        Optional<RequestId> request = RequestId.parse(answer.requestId());
        if (request.isEmpty()) {
            adapter.meters().dropped().count(Dropped.REQUEST_ID_NOT_OURS);
            LOGGER.debug("device={} answer with a request id that is not ours", device);
            receipt.settle(PubAck.SUCCESS);
            return;
        }
        try {
            Json body = AnswerBody.read(intake.payload(connection, packet, answer.gzip(), AnswerBody.MAX_UNPACKED));
            RequestId id = request.get();
            adapter.bus()
                    .tell(
                            Address.correlator(id.node(), id.instance()),
                            new Notice.AnswerArrived(id, device, answer.kind(), body));
            receipt.settle(PubAck.SUCCESS);
        } catch (IOException e) {
            // its message may quote the payload
            receipt.drop(Dropped.ANSWER_NOT_JSON, PubAck.PAYLOAD_FORMAT_INVALID);
        }
    }

    /** The payload is copied before: the packet is released while the product is looked up. */
    private void custom(DeviceConnection connection, Receipt receipt, Uplink.Custom custom, MqttPublishMessage packet) {
        byte[] payload = ByteBufUtil.getBytes(packet.payload());
        String topic = packet.variableHeader().topicName();
        adapter.products().withProduct(connection, product -> {
            if (product.isEmpty()) {
                receipt.abandon(PubAck.IMPLEMENTATION_SPECIFIC_ERROR);
            } else if (isAllowed(product.get(), custom)) {
                messages.take(connection, receipt, topic, payload);
            } else {
                receipt.drop(Dropped.TOPIC_NOT_IN_PRODUCT, PubAck.NOT_AUTHORIZED);
            }
        });
    }

    private static boolean isAllowed(Product product, Uplink.Custom custom) {
        return product.topic(custom.suffix())
                .map(CustomTopic::operation)
                .filter(CustomTopic.Operation::allowsPublish)
                .isPresent();
    }
}
