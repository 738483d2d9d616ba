// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.downlink.model.Subject;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.PushRows.StoredEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CloudEvents 1.0 (northbound §6.3); the data is what is {@code notify_data} in the documented form. */
final class CloudEvent {
    static final String STRUCTURED = "application/cloudevents+json;charset=utf-8";
    static final String DATA = "application/json";

    private CloudEvent() {}

    /** @param data as JSON */
    static String of(StoredEvent event, String data) {
        StringBuilder out = new StringBuilder(384 + data.length());
        out.append('{');
        attributes(event)
                .forEach((name, value) -> out.append('"')
                        .append(name)
                        .append("\":\"")
                        .append(value)
                        .append("\","));
        return out.append("\"datacontenttype\":\"")
                .append(DATA)
                .append("\",\"data\":")
                .append(data)
                .append('}')
                .toString();
    }

    /** All but the type of the data; none has a character that would have to be escaped. */
    static Map<String, String> attributes(StoredEvent event) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("specversion", "1.0");
        all.put("id", EventId.of(event));
        all.put("source", "/downlink/projects/" + event.project().value());
        all.put(
                "type",
                "dev.downlink." + event.subject().resource() + '.'
                        + event.subject().event());
        String subject = subject(event);
        if (subject != null) {
            all.put("subject", subject);
        }
        all.put("time", Timestamps.millis(event.happened()));
        return all;
    }

    private static @Nullable String subject(StoredEvent event) {
        if (event.device() != null) {
            return event.device().value();
        }
        JsonNode id =
                EventJson.read(event.body()).path(event.subject() == Subject.BATCH_TASK ? "task_id" : "product_id");
        return id.textValue();
    }
}
