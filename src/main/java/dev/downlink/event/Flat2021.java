// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.Subject;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.PushRows.StoredEvent;

/**
 * The form that the subscriptions of 2021 had: no header, no time of the event, another name for batch tasks (northbound §6.3).
 * What they did not have is the body of today with the device's id.
 */
final class Flat2021 {
    private Flat2021() {}

    static String of(StoredEvent event) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put(
                "resource",
                event.subject() == Subject.BATCH_TASK
                        ? "batchtask.status"
                        : event.subject().resource());
        all.put("event", event.subject().event());
        all.set("notify_data", data(event));
        return EventJson.write(all);
    }

    private static JsonNode data(StoredEvent event) {
        JsonNode body = EventJson.read(event.body());
        return switch (event.subject()) {
            case MESSAGE_STATUS -> message(event, body);
            case DEVICE_STATUS -> presence(event, body);
            case BATCH_TASK, DEVICE_CREATED, DEVICE_UPDATED, PRODUCT_CREATED, PRODUCT_UPDATED, PRODUCT_DELETED -> body;
            case DEVICE_PROPERTY, DEVICE_MESSAGE, DEVICE_EVENT, COMMAND_STATUS -> withDevice(event, body);
            case DEVICE_DELETED -> header(event);
        };
    }

    private static ObjectNode message(StoredEvent event, JsonNode body) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        copy(body, "message_id", data);
        copy(body, "name", data);
        device(data, event);
        copy(body, "status", data);
        copy(body, "timestamp", data);
        return data;
    }

    private static ObjectNode presence(StoredEvent event, JsonNode body) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        copy(header(event), "app_id", data);
        device(data, event);
        copy(body, "status", data);
        data.put(
                "timestamp",
                Timestamps.compact(
                        Timestamps.parse(body.path("status_update_time").asText())
                                .orElse(event.happened())));
        return data;
    }

    private static ObjectNode withDevice(StoredEvent event, JsonNode body) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        device(data, event);
        if (body instanceof ObjectNode members) {
            data.setAll(members);
        }
        return data;
    }

    private static void copy(JsonNode from, String name, ObjectNode data) {
        if (from.hasNonNull(name)) {
            data.set(name, from.path(name));
        }
    }

    private static void device(ObjectNode data, StoredEvent event) {
        if (event.device() != null) {
            data.put("device_id", event.device().value());
        }
    }

    private static JsonNode header(StoredEvent event) {
        return event.header() == null
                ? withDevice(event, JsonNodeFactory.instance.nullNode())
                : EventJson.read(event.header());
    }
}
