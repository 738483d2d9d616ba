// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.downlink.model.Json;
import dev.downlink.model.Timestamps;
import dev.downlink.model.Utf8;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device publishes to {@code events/up} (southbound §2.7). Keys that are not known are passed over, and null is the
 * same as nothing.
 *
 * @param device of which it speaks; null: of the connection's own
 */
record EventsUp(@Nullable String device, List<Event> events) {
    /** In bytes. */
    static final int MAX_UNPACKED = 256 * 1024;

    private static final int MAX_EVENTS = 100;
    private static final int MAX_TEXT = 256;
    private static final Json NO_PARAS = new Json("{}");
    /** Names are not remembered: devices may write what they like. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    EventsUp {
        events = List.copyOf(events);
    }

    /**
     * @param time null: when it is received
     * @param paras an object, as it came
     */
    record Event(
            String service,
            String type,
            @Nullable Instant time,
            @Nullable String id,
            Json paras) {}

    /** @throws IOException for all that is not of this form; its message may quote the payload */
    static EventsUp read(byte[] bytes) throws IOException {
        String text = Utf8.text(bytes);
        try (JsonParser parser = JSON.createParser(text)) {
            expect(parser.nextToken(), JsonToken.START_OBJECT);
            EventsUp up = new Reader(text, parser).envelope();
            if (parser.nextToken() != null) {
                throw new IOException("something stands behind the JSON object");
            }
            return up;
        }
    }

    private static void expect(@Nullable JsonToken token, JsonToken wanted) throws IOException {
        if (token != wanted) {
            throw new IOException(wanted + " expected");
        }
    }

    private record Reader(String text, JsonParser parser) {

        private EventsUp envelope() throws IOException {
            @Nullable String device = null;
            List<Event> events = List.of();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                switch (parser.currentName()) {
                    case "object_device_id" -> device = string();
                    case "services" -> events = events();
                    default -> skip();
                }
            }
            expect(parser.currentToken(), JsonToken.END_OBJECT);
            return new EventsUp(device, events);
        }

        private List<Event> events() throws IOException {
            List<Event> events = new ArrayList<>(1);
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                return events;
            }
            expect(parser.currentToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken(), JsonToken.START_OBJECT);
                if (events.size() == MAX_EVENTS) {
                    throw new IOException("more than " + MAX_EVENTS + " events");
                }
                events.add(event());
            }
            return events;
        }

        private Event event() throws IOException {
            @Nullable String service = null;
            @Nullable String type = null;
            @Nullable String time = null;
            @Nullable String id = null;
            Json paras = NO_PARAS;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                switch (parser.currentName()) {
                    case "service_id" -> service = string();
                    case "event_type" -> type = string();
                    case "event_time" -> time = time();
                    case "event_id" -> id = string();
                    case "paras" -> paras = object();
                    default -> skip();
                }
            }
            expect(parser.currentToken(), JsonToken.END_OBJECT);
            if (service == null || type == null) {
                throw new IOException("service_id and event_type are mandatory");
            }
            return new Event(
                    service, type, time == null ? null : Timestamps.parse(time).orElse(null), id, paras);
        }

        private @Nullable String string() throws IOException {
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                return null;
            }
            expect(parser.currentToken(), JsonToken.VALUE_STRING);
            String value = parser.getText();
            if (value.length() > MAX_TEXT) {
                throw new IOException("longer than " + MAX_TEXT + " characters");
            }
            return value;
        }

        /** One that cannot be read counts as none (southbound §2.6). */
        private @Nullable String time() throws IOException {
            boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
            parser.skipChildren();
            return text ? parser.getText() : null;
        }

        private Json object() throws IOException {
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                return NO_PARAS;
            }
            expect(parser.currentToken(), JsonToken.START_OBJECT);
            long begin = parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            expect(parser.currentToken(), JsonToken.END_OBJECT);
            return new Json(
                    text.substring((int) begin, (int) parser.currentLocation().getCharOffset()));
        }

        private void skip() throws IOException {
            if (parser.nextToken() == null) {
                throw new IOException("the JSON object does not end");
            }
            parser.skipChildren();
        }
    }
}
