// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.downlink.model.ServiceProperties;
import dev.downlink.model.Topics;
import dev.downlink.protocol.AdapterRequest;
import dev.downlink.protocol.AdapterRequest.DeliverCall;
import dev.downlink.protocol.AdapterRequest.FindProgress;
import dev.downlink.protocol.AdapterRequest.Published;
import dev.downlink.protocol.AdapterRequest.Reached;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Failure.Progress;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Calls to devices: published once and never again, since a device may not execute them twice. */
final class Calls {
    private static final ObjectMapper JSON = new ObjectMapper().disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);

    private final Adapter adapter;

    Calls(Adapter adapter) {
        this.adapter = adapter;
    }

    /** The session table names this instance before the device's connection is open here. */
    Future<Published> deliver(DeliverCall q) {
        Connections connections = adapter.connections();
        return connections.isArriving(q.connection())
                ? connections.arrival(q.connection()).compose(_ -> publish(q))
                : publish(q);
    }

    private Future<Published> publish(DeliverCall q) {
        DeviceConnection connection = adapter.connections()
                .find(q.connection())
                .orElseThrow(() -> new Failed(new Failure.NotHere(q.connection())));
        String topic = Topics.call(q.connection(), q.call().kind(), q.request());
        int qos = connection.session().qosOfCall(topic);
        if (qos < 0) {
            throw new Failed(new Failure.NotSubscribed(q.connection(), topic));
        }
        Published published = new Published(connection.session().epoch());
        return connection
                .outgoing()
                .publish(topic, qos, payload(q.call()), q.request())
                .map(published);
    }

    /** What is acknowledged is not remembered: it is what was sent on this connection and is not in flight. */
    Reached progress(FindProgress q) {
        Optional<DeviceConnection> connection = adapter.connections()
                .find(q.connection())
                .filter(c -> c.session().epoch() == q.epoch());
        return new Reached(connection.map(c -> progress(c, q)).orElse(Progress.CONNECTION_LOST));
    }

    private static Progress progress(DeviceConnection connection, FindProgress q) {
        if (connection.outgoing().isInFlight(q.request())) {
            return Progress.NOT_ACKNOWLEDGED;
        }
        String topic = Topics.call(q.connection(), q.kind(), q.request());
        return connection.session().qosOfCall(topic) > 0 ? Progress.ACKNOWLEDGED : Progress.PUBLISHED;
    }

    private static byte[] payload(AdapterRequest.Call call) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("object_device_id", call.device().value());
            switch (call) {
                case AdapterRequest.Command command -> write(json, command);
                case AdapterRequest.PropertiesSet set -> write(json, set);
                case AdapterRequest.PropertiesGet get -> json.writeStringField("service_id", get.serviceId());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("parsed JSON can be written", e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, AdapterRequest.Command command) throws IOException {
        if (command.serviceId() != null) {
            json.writeStringField("service_id", command.serviceId());
        }
        if (command.commandName() != null) {
            json.writeStringField("command_name", command.commandName());
        }
        json.writeFieldName("paras");
        PlainValues.write(json, command.paras());
    }

    private static void write(JsonGenerator json, AdapterRequest.PropertiesSet set) throws IOException {
        json.writeArrayFieldStart("services");
        for (ServiceProperties service : set.services()) {
            json.writeStartObject();
            json.writeStringField("service_id", service.serviceId());
            json.writeFieldName("properties");
            PlainValues.write(json, service.properties());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
