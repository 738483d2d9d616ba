// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.downlink.model.Json;
import dev.downlink.model.ServiceReport;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.UplinkRequest.ReportEvent;
import dev.downlink.protocol.UplinkRequest.ReportMessage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is pushed of it: {@code notify_data.body} (northbound §6.3). */
final class Bodies {
    private static final ObjectMapper JSON = new ObjectMapper().disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);

    private Bodies() {}

    /** A service that the device gave no time has that of its reception. */
    static Json properties(List<ServiceReport> services, Instant received) {
        return write(json -> {
            json.writeArrayFieldStart("services");
            for (ServiceReport service : services) {
                json.writeStartObject();
                json.writeStringField("service_id", service.serviceId());
                json.writeFieldName("properties");
                JSON.writeValue(json, service.properties());
                json.writeStringField("event_time", time(service.eventTime(), received));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    static Json message(ReportMessage message) {
        return write(json -> {
            json.writeStringField("topic", message.topic());
            json.writeFieldName("content");
            json.writeRawValue(message.content().text());
            if (message.base64()) {
                json.writeStringField("encoding", "base64");
            }
        });
    }

    static Json event(ReportEvent event, Instant received) {
        return write(json -> {
            json.writeArrayFieldStart("services");
            json.writeStartObject();
            json.writeStringField("service_id", event.serviceId());
            json.writeStringField("event_type", event.eventType());
            json.writeStringField("event_time", time(event.eventTime(), received));
            if (event.eventId() != null) {
                json.writeStringField("event_id", event.eventId());
            }
            json.writeFieldName("paras");
            json.writeRawValue(event.paras().text());
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    /** In the contract's usual format, unless that would cut off milliseconds that the device gave. */
    private static String time(@Nullable Instant given, Instant received) {
        if (given == null) {
            return Timestamps.compact(received);
        }
        boolean whole = given.equals(given.truncatedTo(ChronoUnit.SECONDS));
        return whole ? Timestamps.compact(given) : Timestamps.millis(given);
    }

    private static Json write(Content content) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            content.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("parsed JSON can be written", e);
        }
        return new Json(out.toString());
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }
}
