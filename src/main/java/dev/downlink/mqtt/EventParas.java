// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.downlink.model.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters of an event that the gateway knows, or a part of them; null is the same as nothing. */
record EventParas(JsonNode object) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IOException when it cannot be read, by a number that is out of all bounds for example */
    static EventParas of(Json paras) throws IOException {
        return new EventParas(JSON.readTree(paras.text()));
    }

    /** @throws IOException for anything but a text */
    @Nullable
    String text(String name) throws IOException {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IOException(name + " is no text");
        }
        return value.textValue();
    }

    /** @throws IOException for anything but a whole number or nothing, which is 0 */
    long number(String name) throws IOException {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IOException(name + " is no whole number");
        }
        return value.longValue();
    }

    /** A value of any kind. */
    Optional<JsonNode> any(String name) {
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }

    Optional<Json> json(String name) throws JsonProcessingException {
        Optional<JsonNode> value = any(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(new Json(JSON.writeValueAsString(value.get())));
    }

    /** @throws IOException for anything but a list of at most {@code max} objects */
    List<EventParas> objects(String name, int max) throws IOException {
        List<EventParas> all = new ArrayList<>();
        for (JsonNode element : list(name, max)) {
            if (!element.isObject()) {
                throw new IOException(name + " holds something else than objects");
            }
            all.add(new EventParas(element));
        }
        return all;
    }

    /** @throws IOException for anything but a list of at most {@code max} texts */
    List<String> texts(String name, int max) throws IOException {
        List<String> all = new ArrayList<>();
        for (JsonNode element : list(name, max)) {
            if (!element.isTextual()) {
                throw new IOException(name + " holds something else than texts");
            }
            all.add(element.textValue());
        }
        return all;
    }

    private JsonNode list(String name, int max) throws IOException {
        JsonNode value = object.path(name);
        if (!value.isArray() || value.size() > max) {
            throw new IOException(name + " is no list of at most " + max);
        }
        return value;
    }
}
