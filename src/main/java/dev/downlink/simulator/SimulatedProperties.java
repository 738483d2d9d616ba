// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import dev.downlink.model.Timestamps;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** The properties of a simulated device: it takes whatever it is set (southbound §2.5). Belongs to the device's context. */
final class SimulatedProperties {
    private final InstantSource clock;
    private final Map<String, Service> services = new TreeMap<>();

    private record Service(JsonObject properties, Instant changed) {}

    SimulatedProperties(InstantSource clock) {
        this.clock = clock;
    }

    JsonObject set(Buffer payload) {
        try {
            for (Object service : payload.toJsonObject().getJsonArray("services", new JsonArray())) {
                take((JsonObject) service);
            }
            return new JsonObject().put("result_code", 0).put("result_desc", "success");
        } catch (DecodeException | ClassCastException _) {
            return new JsonObject().put("result_code", 1).put("result_desc", "cannot read it");
        }
    }

    private void take(JsonObject service) {
        String id = service.getString("service_id", "");
        JsonObject properties = new JsonObject();
        if (services.containsKey(id)) {
            properties.mergeIn(services.get(id).properties());
        }
        services.put(
                id,
                new Service(
                        properties.mergeIn(service.getJsonObject("properties", new JsonObject())), clock.instant()));
    }

    /** A service that was never set has no properties; without {@code service_id} all are told. */
    JsonObject get(Buffer payload) {
        String wanted = wanted(payload);
        JsonArray told = new JsonArray();
        services.forEach((id, service) -> {
            if (wanted.isEmpty() || wanted.equals(id)) {
                told.add(new JsonObject()
                        .put("service_id", id)
                        .put("properties", service.properties())
                        .put("event_time", Timestamps.compact(service.changed())));
            }
        });
        return new JsonObject().put("services", told);
    }

    private static String wanted(Buffer payload) {
        try {
            return payload.toJsonObject().getString("service_id", "");
        } catch (DecodeException | ClassCastException _) {
            return "";
        }
    }
}
