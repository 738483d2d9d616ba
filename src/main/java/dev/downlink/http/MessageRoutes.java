// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.model.DeviceId;
import dev.downlink.model.InvalidField;
import dev.downlink.model.MessageId;
import dev.downlink.model.StoredMessage;
import dev.downlink.protocol.DeliveryRequest.Broadcast;
import dev.downlink.protocol.DeliveryRequest.DeleteMessage;
import dev.downlink.protocol.DeliveryRequest.ListMessages;
import dev.downlink.protocol.DeliveryRequest.Messages;
import dev.downlink.protocol.DeliveryRequest.SendMessage;
import dev.downlink.protocol.DeliveryRequest.ShowMessage;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Messages to a device, which wait for it if they must, and broadcasts (northbound §2). */
final class MessageRoutes {
    /** A character of two bytes is written with six by the application SDK. */
    private static final int ESCAPED = 3;
    /** For what is around the content, in bytes. */
    private static final int MARGIN = 32 * 1024;

    private final Bus bus;
    private final InstantSource clock;
    private final MessageFields reader;
    private final int maxContent;

    MessageRoutes(Bus bus, Settings.Messages limits, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
        reader = new MessageFields(limits);
        maxContent = limits.maxSize();
    }

    void mount(RouteTable routes, int maxBody) {
        String all = "/v5/iot/{project_id}/devices/{device_id}/messages";
        String one = all + "/{message_id}";
        int largeBody = Math.max(maxBody, ESCAPED * maxContent + MARGIN);
        routes.add("POST", all, new Route(Access.PROJECT, largeBody, this::send));
        routes.add("GET", all, new Route(Access.PROJECT, maxBody, this::list));
        routes.add("GET", one, new Route(Access.PROJECT, maxBody, this::show));
        routes.add("DELETE", one, new Route(Access.PROJECT, maxBody, this::delete));
        routes.add(
                "POST",
                "/v5/iot/{project_id}/broadcast-messages",
                new Route(Access.PROJECT, Math.max(maxBody, MessageFields.MAX_BROADCAST + MARGIN), this::broadcast));
    }

    /** With a key a message that was stored already is not stored again, so that a lost answer can be asked for again. */
    private Future<Reply> send(Call call) {
        @Nullable String key = idempotencyKey(call);
        SendMessage request = new SendMessage(
                call.project(), device(call), reader.message(call.fields(), key), clock.instant(), key != null);
        return bus.ask(request).map(sent -> Reply.json(201, MessageShape.sent(sent)));
    }

    private Future<Reply> list(Call call) {
        return bus.ask(new ListMessages(call.project(), device(call))).map(found -> Reply.json(200, shape(found)));
    }

    /** A message that the device does not have is no error: the answer has no {@code message_id} (northbound §2.2). */
    private Future<Reply> show(Call call) {
        @Nullable String parameter = call.parameter("timeline");
        boolean timeline = parameter != null && Parameters.bool("timeline", parameter);
        return bus.ask(new ShowMessage(call.project(), device(call), message(call)))
                .map(found -> Reply.json(200, shape(found.message(), timeline)));
    }

    private Future<Reply> delete(Call call) {
        return bus.ask(new DeleteMessage(call.project(), device(call), message(call)))
                .map(_ -> Reply.NO_CONTENT);
    }

    private Future<Reply> broadcast(Call call) {
        Broadcast request = reader.broadcast(call.project(), call.fields(), idempotencyKey(call));
        return bus.ask(request).map(sent -> Reply.json(201, MessageShape.broadcast(sent, request.topic())));
    }

    private static @Nullable String idempotencyKey(Call call) {
        @Nullable String key = call.header(MessageFields.IDEMPOTENCY_KEY);
        if (key != null && key.isBlank()) {
            throw new InvalidField(MessageFields.IDEMPOTENCY_KEY, "must not be empty");
        }
        return key;
    }

    private static ObjectNode shape(Messages found) {
        return new Members()
                .put("device_id", found.device().value())
                .list("messages", found.messages(), MessageShape::stored)
                .node();
    }

    private static ObjectNode shape(@Nullable StoredMessage message, boolean timeline) {
        if (message == null) {
            return new Members().node();
        }
        return timeline ? MessageShape.withTimeline(message) : MessageShape.stored(message);
    }

    private static DeviceId device(Call call) {
        return new DeviceId(call.segment("device_id"));
    }

    private static MessageId message(Call call) {
        return new MessageId(call.segment("message_id"));
    }
}
