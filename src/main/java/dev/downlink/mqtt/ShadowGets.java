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
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.ShadowRequest.FetchShadow;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import io.vertx.core.Future;
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

    private final Adapter adapter;
    private final Map<DeviceConnection, Integer> asked = new HashMap<>();

    ShadowGets(Adapter adapter) {
        this.adapter = adapter;
    }

    /** What a question says; all of it may be left out. */
    private record Question(
            @Nullable DeviceId device, @Nullable String serviceId) {}

    /**
     * Asks, and sends the answer to the device. Completes with what the device is to be told of its question, which for its
     * own shadow is at once.
     *
     * @throws IOException when the payload is no JSON object
     */
    Future<PubAck> receive(DeviceConnection connection, Session session, Uplink.ShadowGet get, byte[] payload)
            throws IOException {
        Question question = read(payload);
        Optional<DeviceId> device = device(session, get, question);
        if (device.isEmpty()) {
            return refused(session, Dropped.TOPIC_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
        }
        if (get.requestId().length() > MAX_REQUEST_ID) {
            return refused(session, Dropped.UNKNOWN_TOPIC, PubAck.TOPIC_NAME_INVALID);
        }
        if (asked.getOrDefault(connection, 0) >= MAX_ASKED) {
            return refused(session, Dropped.TOO_MANY_SHADOW_GETS, PubAck.QUOTA_EXCEEDED);
        }
        Future<PubAck> answered = ask(connection, session, get.requestId(), device.get(), question.serviceId());
        return device.get().equals(session.device()) ? Future.succeededFuture(PubAck.SUCCESS) : answered;
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

    private Future<PubAck> ask(
            DeviceConnection connection,
            Session session,
            String requestId,
            DeviceId device,
            @Nullable String serviceId) {
        asked.merge(connection, 1, Integer::sum);
        return adapter.bus()
                .ask(new FetchShadow(session.device(), device, serviceId))
                .onComplete(_ -> asked.computeIfPresent(connection, (_, count) -> count == 1 ? null : count - 1))
                .onSuccess(shadow -> send(connection, session, requestId, shadow))
                .transform(shadow -> shadow.succeeded()
                        ? Future.succeededFuture(PubAck.SUCCESS)
                        : notFetched(session, device, shadow.cause()));
    }

    private Future<PubAck> notFetched(Session session, DeviceId device, Throwable why) {
        if (why instanceof Failed failed && failed.failure() instanceof Failure.DeviceNotFound) {
            return refused(session, Dropped.TOPIC_OF_ANOTHER, PubAck.NOT_AUTHORIZED);
        }
        LOGGER.debug("device={} gets no shadow of {}, error={}", session.device(), device, why.getMessage());
        return Future.succeededFuture(PubAck.SUCCESS);
    }

    private void send(DeviceConnection connection, Session session, String requestId, Shadow shadow) {
        String topic = Topics.shadow(session.device(), requestId);
        int qos = session.qosOf(topic);
        byte[] payload = ShadowBody.text(shadow).getBytes(StandardCharsets.UTF_8);
        boolean sent =
                !connection.isClosed() && qos >= 0 && connection.outgoing().publishCopy(topic, qos, payload);
        if (!sent) {
            LOGGER.debug("device={} does not take the shadow that it asked for", session.device());
        }
    }

    private Future<PubAck> refused(Session session, Dropped why, PubAck reason) {
        adapter.meters().dropped().count(why);
        if (adapter.logs().permits()) {
            LOGGER.warn("device={} PUBLISH dropped reason={}", session.device(), why);
        }
        return Future.succeededFuture(reason);
    }
}
