// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.Json;
import dev.downlink.model.Product;
import dev.downlink.model.RequestId;
import dev.downlink.model.Topics;
import dev.downlink.model.Uplink;
import dev.downlink.mqtt.Meters.Dropped;
import dev.downlink.mqtt.Meters.Kind;
import dev.downlink.protocol.Address;
import dev.downlink.protocol.Notice;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices publish (southbound §3.5). An answer goes to the correlator that its request id names; nothing is ever
 * routed to subscriptions. Belongs to one verticle instance.
 */
final class Uplinks {
    private static final Logger LOGGER = LoggerFactory.getLogger(Uplinks.class);

    private final Adapter adapter;
    private final Events events;

    Uplinks(Adapter adapter, Events events) {
        this.adapter = adapter;
        this.events = events;
    }

    void receive(DeviceConnection connection, Session session, MqttPublishMessage packet) {
        Optional<Closing> violation = violation(connection, packet);
        if (violation.isPresent()) {
            connection.misbehaved(violation.get());
            return;
        }
        int size = packet.fixedHeader().remainingLength();
        adapter.meters().uplinkBytes().add(size);
        boolean spent =
                session.allowance().isSpentByPublish(adapter.connections().seconds(), size);
        throttle(connection, session, spent);
        Receipt receipt = Receipt.of(packet);
        Uplink uplink = Topics.uplink(session.device(), packet.variableHeader().topicName());
        adapter.meters().uplinks().count(Kind.of(uplink));
        connection.courier().heard();
        switch (uplink) {
            case Uplink.Answer answer -> acknowledge(connection, receipt, answer(connection, session, answer, packet));
            case Uplink.Report report
            when report.kind() == Uplink.Report.Kind.EVENTS -> {
                var _ = events(connection, session, report, packet)
                        .onSuccess(reason -> acknowledge(connection, receipt, reason));
            }
            case Uplink.Report _, Uplink.ShadowGet _, Uplink.Free _ -> acknowledge(connection, receipt, PubAck.SUCCESS);
            case Uplink.Custom custom ->
                adapter.products()
                        .withProduct(
                                connection,
                                product -> acknowledge(
                                        connection,
                                        receipt,
                                        product.map(p -> custom(session, p, custom))
                                                .orElse(PubAck.SUCCESS)));
            case Uplink.Unknown _ ->
                acknowledge(connection, receipt, dropped(session, Dropped.UNKNOWN_TOPIC, PubAck.TOPIC_NAME_INVALID));
            case Uplink.Foreign _ ->
                acknowledge(connection, receipt, dropped(session, Dropped.TOPIC_OF_ANOTHER, PubAck.NOT_AUTHORIZED));
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

    private void throttle(DeviceConnection connection, Session session, boolean spent) {
        if (spent) {
            LOGGER.debug("device={} publishes too much and is not read until the next second", session.device());
            adapter.connections().throttle(connection);
        }
    }

    private PubAck answer(
            DeviceConnection connection, Session session, Uplink.Answer answer, MqttPublishMessage packet) {
        Optional<RequestId> request = RequestId.parse(answer.requestId());
        if (request.isEmpty()) {
            adapter.meters().dropped().count(Dropped.REQUEST_ID_NOT_OURS);
            LOGGER.debug("device={} answer with a request id that is not ours", session.device());
            return PubAck.SUCCESS;
        }
        try {
            byte[] payload = ByteBufUtil.getBytes(packet.payload());
            Json body = AnswerBody.read(answer.gzip() ? unpack(connection, session, payload) : payload);
            RequestId id = request.get();
            adapter.bus()
                    .tell(
                            Address.correlator(id.node(), id.instance()),
                            new Notice.AnswerArrived(id, session.device(), answer.kind(), body));
            return PubAck.SUCCESS;
        } catch (IOException e) {
            // its message may quote the payload
            return dropped(session, Dropped.ANSWER_NOT_JSON, PubAck.PAYLOAD_FORMAT_INVALID);
        }
    }

    private Future<PubAck> events(
            DeviceConnection connection, Session session, Uplink.Report report, MqttPublishMessage packet) {
        try {
            byte[] payload = ByteBufUtil.getBytes(packet.payload());
            byte[] json = report.gzip() ? unpack(connection, session, payload) : payload;
            return events.receive(connection, EventsUp.read(json), json.length)
                    .map(verdict -> reason(session, verdict));
        } catch (IOException e) {
            // its message may quote the payload
            return Future.succeededFuture(reason(session, Events.Verdict.MALFORMED));
        }
    }

    private PubAck reason(Session session, Events.Verdict verdict) {
        return switch (verdict) {
            case TAKEN -> PubAck.SUCCESS;
            case FOREIGN -> dropped(session, Dropped.DEVICE_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
            case MALFORMED -> dropped(session, Dropped.EVENTS_MALFORMED, PubAck.PAYLOAD_FORMAT_INVALID);
            case FAILED -> dropped(session, Dropped.NOT_TAKEN, PubAck.IMPLEMENTATION_SPECIFIC_ERROR);
        };
    }

    /** What is unpacked counts too, as much as could have been when it fails. */
    private byte[] unpack(DeviceConnection connection, Session session, byte[] packed) throws IOException {
        int size = AnswerBody.MAX_UNPACKED;
        try {
            byte[] bytes = AnswerBody.unpack(packed);
            size = bytes.length;
            return bytes;
        } finally {
            boolean spent =
                    session.allowance().isSpentByUnpacked(adapter.connections().seconds(), size);
            throttle(connection, session, spent);
        }
    }

    private PubAck custom(Session session, Product product, Uplink.Custom custom) {
        boolean allowed = product.topic(custom.suffix())
                .map(CustomTopic::operation)
                .filter(CustomTopic.Operation::allowsPublish)
                .isPresent();
        return allowed ? PubAck.SUCCESS : dropped(session, Dropped.TOPIC_NOT_IN_PRODUCT, PubAck.NOT_AUTHORIZED);
    }

    private PubAck dropped(Session session, Dropped why, PubAck reason) {
        adapter.meters().dropped().count(why);
        if (adapter.logs().permits()) {
            LOGGER.warn("device={} PUBLISH dropped reason={}", session.device(), why);
        }
        return reason;
    }

    private static void acknowledge(DeviceConnection connection, Receipt receipt, PubAck reason) {
        if (receipt.wanted) {
            connection.send(Packets.pubAck(receipt.packetId, reason.byteValue()));
        }
    }

    /** What is left of a PUBLISH when its payload is released. */
    private record Receipt(boolean wanted, int packetId) {
        static Receipt of(MqttPublishMessage packet) {
            return new Receipt(
                    packet.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE,
                    packet.variableHeader().packetId());
        }
    }
}
