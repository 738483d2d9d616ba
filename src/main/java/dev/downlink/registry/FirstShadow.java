// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.downlink.model.InvalidField;
import dev.downlink.model.Json;
import dev.downlink.model.Product;
import dev.downlink.model.ServiceModel;
import dev.downlink.protocol.DeviceRequest.Desired;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The desired values that a new device starts with: the product's default values, and over them, property by property, what
 * the caller gave (northbound §1.2). Numbers keep every digit.
 */
final class FirstShadow {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private FirstShadow() {}

    /** @throws InvalidField for a service that the product does not have, or values that are no JSON object */
    static List<Desired> of(Product product, List<Desired> given) {
        Map<String, ObjectNode> services = defaults(product);
        for (Desired desired : given) {
            if (product.service(desired.serviceId()).isEmpty()) {
                throw new InvalidField("shadow", "names service '" + desired.serviceId() + "', not in the product");
            }
            services.computeIfAbsent(desired.serviceId(), _ -> JSON.createObjectNode())
                    .setAll(object(desired.properties()));
        }
        List<Desired> shadow = new ArrayList<>();
        services.forEach((id, values) -> {
            // null is no value, but takes a default away
            values.removeIf(JsonNode::isNull);
            if (!values.isEmpty()) {
                shadow.add(new Desired(id, new Json(values.toString())));
            }
        });
        return shadow;
    }

    private static Map<String, ObjectNode> defaults(Product product) {
        Map<String, ObjectNode> services = new LinkedHashMap<>();
        for (ServiceModel service : product.services()) {
            for (ServiceModel.Property property : service.properties()) {
                if (property.defaultValue() != null) {
                    services.computeIfAbsent(service.serviceId(), _ -> JSON.createObjectNode())
                            .set(property.name(), read(property.defaultValue()));
                }
            }
        }
        return services;
    }

    private static ObjectNode object(Json json) {
        if (read(json) instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidField("shadow", "desired values must be a JSON object");
    }

    private static JsonNode read(Json json) {
        try {
            return JSON.readTree(json.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored JSON text cannot be read", e);
        }
    }
}
