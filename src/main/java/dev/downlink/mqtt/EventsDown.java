// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.Timestamps;
import dev.downlink.model.Topics;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends events to devices (southbound §2.7). One that a device does not take is not sent again. */
final class EventsDown {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventsDown.class);

    private final Adapter adapter;

    EventsDown(Adapter adapter) {
        this.adapter = adapter;
    }

    /** What became of an event that was to be sent. */
    enum Sent {
        SENT,
        NOT_SENT
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Completes when it is written; fails when the device does not take it.
     *
     * @param id of the event that it answers; made here when absent
     */
    Future<Void> send(DeviceConnection connection, String service, String type, @Nullable String id, ObjectNode paras) {
        return Future.succeededFuture()
                .compose(_ -> publish(connection, service, type, id, paras))
                .onComplete(result -> {
                    adapter.meters().eventsSent().count(result.succeeded() ? Sent.SENT : Sent.NOT_SENT);
                    if (result.failed() && adapter.logs().permits()) {
                        LOGGER.info(
                                "device={} event {} not sent error={}",
                                connection.session().device(),
                                type,
                                result.cause().getMessage());
                    }
                });
    }

    private Future<Void> publish(
            DeviceConnection connection, String service, String type, @Nullable String id, ObjectNode paras) {
        Session session = connection.session();
        String topic = Topics.eventsDown(session.device());
        int qos = session.qosOf(topic);
        if (connection.isClosed()) {
            throw new Failed(new Failure.NotHere(session.device()));
        }
        if (qos < 0) {
            throw new Failed(new Failure.NotSubscribed(session.device(), topic));
        }
        ObjectNode envelope = object().put("object_device_id", session.device().value());
        envelope.putArray("services")
                .addObject()
                .put("service_id", service)
                .put("event_type", type)
                .put("event_time", Timestamps.compact(adapter.clock().instant()))
                .put("event_id", id == null ? UUID.randomUUID().toString() : id)
                .set("paras", paras);
        return connection.outgoing().publish(topic, qos, envelope.toString().getBytes(StandardCharsets.UTF_8));
    }
}
