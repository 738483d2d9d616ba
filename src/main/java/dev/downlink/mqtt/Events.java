// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Incidents;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Versions;
import dev.downlink.mqtt.EventsUp.Event;
import dev.downlink.protocol.AdapterRequest.NotifyGateway;
import dev.downlink.protocol.Done;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.RegistryRequest.FindRelative;
import dev.downlink.protocol.SubDeviceRequest.ReportVersions;
import dev.downlink.protocol.UplinkRequest.ReportEvent;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of devices (southbound §2.7): those that the gateway knows are dealt with here and in {@link SubDeviceEvents},
 * all others are offered to the rules. Belongs to one verticle instance.
 */
final class Events {
    private static final Logger LOGGER = LoggerFactory.getLogger(Events.class);

    private final Adapter adapter;
    private final EventsDown down;
    private final SubDeviceEvents subDevices;

    Events(Adapter adapter) {
        this.adapter = adapter;
        down = new EventsDown(adapter);
        subDevices = new SubDeviceEvents(adapter, down);
    }

    /** What an event is about. */
    enum Kind {
        TIME_SYNC,
        VERSIONS,
        STATUS,
        SYNC,
        ADD,
        DELETE,
        /** For the rules. */
        OTHER;

        static Kind of(Event event) {
            return switch (event.service()) {
                case "$time_sync" -> event.type().equals("time_sync_request") ? TIME_SYNC : OTHER;
                case "$sdk_info" -> event.type().equals("sdk_info_report") ? VERSIONS : OTHER;
                case "$ota" -> event.type().equals("version_report") ? VERSIONS : OTHER;
                // the Java SDK leaves the $ out when it asks for a sync
                case "$sub_device_manager", "sub_device_manager" -> ofSubDevices(event.type());
                default -> OTHER;
            };
        }

        private static Kind ofSubDevices(String type) {
            return switch (type) {
                case "sub_device_update_status" -> STATUS;
                case "sub_device_sync_request" -> SYNC;
                case "add_sub_device_request" -> ADD;
                case "delete_sub_device_request" -> DELETE;
                default -> OTHER;
            };
        }
    }

    /** What became of a packet of events. */
    enum Verdict {
        TAKEN,
        /** Of a device that is none of the connection's. */
        FOREIGN,
        MALFORMED,
        /** Somebody has too much in hand. */
        BUSY,
        /** Not now. */
        FAILED
    }

    Future<Done> changed(NotifyGateway q) {
        return subDevices.changed(q);
    }

    /** Completes when all of the packet is done. */
    Future<Verdict> receive(DeviceConnection connection, EventsUp up) {
        Instant received = adapter.clock().instant();
        return connection
                .session()
                .eventLine()
                .add(() -> Future.succeededFuture()
                        .compose(_ -> fence(connection, up.device()))
                        .compose(device -> all(connection, device, up, received))
                        .transform(result ->
                                Future.succeededFuture(result.succeeded() ? Verdict.TAKEN : verdict(result.cause()))));
    }

    /** The device that is spoken of: the connection's own or one below it. */
    private Future<DeviceId> fence(DeviceConnection connection, @Nullable String named) {
        DeviceId own = connection.session().device();
        if (named == null || named.equals(own.value())) {
            return Future.succeededFuture(own);
        }
        DeviceId device = new DeviceId(named);
        return adapter.bus().ask(new FindRelative(own, device)).map(device);
    }

    private Future<?> all(DeviceConnection connection, DeviceId device, EventsUp up, Instant received) {
        Future<?> done = Future.succeededFuture();
        for (Event event : up.events()) {
            done = done.compose(_ -> handle(connection, device, event, received));
        }
        return done;
    }

    private Future<?> handle(DeviceConnection connection, DeviceId device, Event event, Instant received) {
        Kind kind = Kind.of(event);
        adapter.meters().events().count(kind);
        try {
            return switch (kind) {
                case TIME_SYNC -> timeSync(connection, event, received);
                case VERSIONS -> versions(connection, device, EventParas.of(event.paras()));
                case STATUS -> subDevices.report(connection, event.id(), EventParas.of(event.paras()));
                case SYNC -> {
                    subDevices.sync(connection, EventParas.of(event.paras()));
                    yield Future.succeededFuture();
                }
                case ADD -> subDevices.add(connection, event.id(), EventParas.of(event.paras()));
                case DELETE -> subDevices.delete(connection, event.id(), EventParas.of(event.paras()));
                case OTHER -> offer(connection, device, event);
            };
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<?> timeSync(DeviceConnection connection, Event event, Instant received) throws IOException {
        ObjectNode paras = EventsDown.object();
        EventParas.of(event.paras()).any("device_send_time").ifPresent(sent -> paras.set("device_send_time", sent));
        paras.put("server_recv_time", received.toEpochMilli())
                .put("server_send_time", adapter.clock().instant().toEpochMilli());
        return down.send(connection, event.service(), "time_sync_response", event.id(), paras)
                .otherwiseEmpty();
    }

    private Future<?> versions(DeviceConnection connection, DeviceId device, EventParas paras) throws IOException {
        Versions versions =
                new Versions(paras.text("device_sdk_version"), paras.text("sw_version"), paras.text("fw_version"));
        return versions.equals(Versions.UNKNOWN)
                ? Future.succeededFuture()
                : adapter.bus().ask(new ReportVersions(connection.session().device(), device, versions));
    }

    private Future<?> offer(DeviceConnection connection, DeviceId device, Event event) {
        return adapter.bus()
                .ask(new ReportEvent(
                        connection.session().device(),
                        device,
                        event.service(),
                        event.type(),
                        event.time(),
                        event.id(),
                        event.paras()));
    }

    private Verdict verdict(Throwable e) {
        return switch (e) {
            // their messages may quote the payload
            case IOException _, InvalidField _ -> Verdict.MALFORMED;
            case Failed failed -> verdict(failed.failure());
            default -> {
                Failure.Internal incident = Incidents.failure(e, "event");
                LOGGER.warn("event not handled incident={}", incident.incident());
                yield Verdict.FAILED;
            }
        };
    }

    private static Verdict verdict(Failure failure) {
        return switch (failure) {
            case Failure.DeviceNotFound _ -> Verdict.FOREIGN;
            case Failure.Invalid _ -> Verdict.MALFORMED;
            case Failure.Busy _ -> Verdict.BUSY;
            default -> Verdict.FAILED;
        };
    }
}
