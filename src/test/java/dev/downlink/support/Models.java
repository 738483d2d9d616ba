// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Product models as applications send them. */
public final class Models {
    private Models() {}

    public static JsonObject waterMeter(String id) {
        JsonObject value = new JsonObject()
                .put("para_name", "value")
                .put("data_type", "string")
                .put("required", true)
                .put("enum_list", new JsonArray().add("ON").add("OFF"));
        JsonObject command = new JsonObject().put("command_name", "ON_OFF").put("paras", new JsonArray().add(value));
        JsonObject interval = new JsonObject()
                .put("property_name", "interval")
                .put("data_type", "int")
                .put("method", "RW")
                .put("min", "1")
                .put("max", "60");
        JsonObject reading = new JsonObject()
                .put("property_name", "reading")
                .put("data_type", "decimal")
                .put("method", "RE");
        JsonObject service = new JsonObject()
                .put("service_id", "WaterMeter")
                .put("service_type", "Water")
                .put("properties", new JsonArray().add(interval).add(reading))
                .put("commands", new JsonArray().add(command));
        return new JsonObject()
                .put("product_id", id)
                .put("name", id)
                .put("device_type", "Meter")
                .put("protocol_type", "MQTT")
                .put("data_format", "json")
                .put("service_capabilities", new JsonArray().add(service));
    }
}
