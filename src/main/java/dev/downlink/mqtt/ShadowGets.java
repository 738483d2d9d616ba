// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Shadow;
import dev.downlink.model.Topics;
import dev.downlink.model.Uplink;
import dev.downlink.mqtt.Meters.Dropped;
import dev.downlink.mqtt.Receipts.Receipt;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.FetchShadow;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import io.vertx.core.AsyncResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Devices that ask for their shadow, or a gateway for that of a sub-device (southbound §2.6). Belongs to one verticle
 * instance.
 */
final class ShadowGets {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShadowGets.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Questions of one connection that are not answered. */
    private static final int MAX_ASKED = 8;
    /** In characters: it is to fit into the topic of the answer. */
    private static final int MAX_REQUEST_ID = 256;
    /** Of a question, in bytes. */
    private static final int MAX_SIZE = 4096;

    private final Intake intake;
    private final Adapter adapter;
    private final Map<DeviceConnection, Integer> asked = new HashMap<>();

    ShadowGets(Intake intake, Adapter adapter) {
        this.intake = intake;
        this.adapter = adapter;
    }

    /** What a question says; all of it may be left out. */
    private record Question(
            @Nullable DeviceId device, @Nullable String serviceId) {}

    /** Asks, and sends the answer to the device. A question of a device for its own shadow is acknowledged at once. */
    void receive(DeviceConnection connection, Receipt receipt, Uplink.ShadowGet get, MqttPublishMessage packet) {
        try {
            Question question = read(intake.payload(connection, packet, get.gzip(), MAX_SIZE));
            Optional<DeviceId> device = device(connection.session(), get, question);
            if (device.isEmpty()) {
                receipt.drop(Dropped.TOPIC_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
            } else if (get.requestId().length() > MAX_REQUEST_ID) {
                receipt.drop(Dropped.UNKNOWN_TOPIC, PubAck.TOPIC_NAME_INVALID);
            } else if (asked.getOrDefault(connection, 0) >= MAX_ASKED) {
                receipt.drop(Dropped.TOO_MANY_SHADOW_GETS, PubAck.QUOTA_EXCEEDED);
            } else {
                ask(connection, receipt, get.requestId(), device.get(), question.serviceId());
            }
        } catch (IOException e) {
            receipt.drop(Dropped.SHADOW_GET_UNREADABLE, PubAck.PAYLOAD_FORMAT_INVALID);
        }
    }

    private static Question read(byte[] payload) throws IOException {
        if (payload.length == 0) {
            return new Question(null, null);
        }
        JsonNode json = JSON.readTree(payload);
        if (!json.isObject()) {
            throw new IOException("not a JSON object");
        }
        try {
            String device = json.path("object_device_id").textValue();
            return new Question(
                    device == null ? null : new DeviceId(device),
                    json.path("service_id").textValue());
        } catch (InvalidField e) {
            throw new IOException(e.getMessage());
        }
    }

    /** Whose shadow is asked for; empty when topic and payload do not agree. */
    private static Optional<DeviceId> device(Session session, Uplink.ShadowGet get, Question question) {
        DeviceId inTopic = get.subDevice();
        DeviceId inPayload = question.device();
        if (inTopic == null) {
            return Optional.of(inPayload == null ? session.device() : inPayload);
        }
        return inPayload == null || inPayload.equals(inTopic) ? Optional.of(inTopic) : Optional.empty();
    }

    private void ask(
            DeviceConnection connection,
            Receipt receipt,
            String requestId,
            DeviceId device,
            @Nullable String serviceId) {
        DeviceId own = connection.session().device();
        if (device.equals(own)) {
            receipt.settle(PubAck.SUCCESS);
        }
        asked.merge(connection, 1, Integer::sum);
        adapter.bus().ask(new FetchShadow(own, device, serviceId)).onComplete(found -> {
            asked.computeIfPresent(connection, (_, count) -> count == 1 ? null : count - 1);
            if (found.succeeded()) {
                send(connection, requestId, found.result());
            } else {
                LOGGER.debug("device={} gets no shadow of {}, error={}", own, device, found.cause());
            }
            if (!device.equals(own)) {
                settle(receipt, found);
            }
        });
    }

    private static void settle(Receipt receipt, AsyncResult<Shadow> found) {
        if (found.failed()
                && found.cause() instanceof Failed failed
                && failed.failure() instanceof Failure.DeviceNotFound) {
            receipt.drop(Dropped.DEVICE_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
        } else {
            receipt.settle(PubAck.SUCCESS);
        }
    }

    private static void send(DeviceConnection connection, String requestId, Shadow shadow) {
        Session session = connection.session();
        String topic = Topics.shadow(session.device(), requestId);
        int qos = session.qosOf(topic);
        byte[] payload = ShadowBody.text(shadow).getBytes(StandardCharsets.UTF_8);
        boolean sent =
                !connection.isClosed() && qos >= 0 && connection.outgoing().publishCopy(topic, qos, payload);
        if (!sent) {
            LOGGER.debug("device={} does not take the shadow that it asked for", session.device());
        }
    }
}
