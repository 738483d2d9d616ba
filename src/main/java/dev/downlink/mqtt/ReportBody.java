// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ServiceReport;
import dev.downlink.model.Timestamps;
import dev.downlink.model.Utf8;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report of properties (southbound §2.6). Null stands for what is not there, and keys that the contract does not know are left
 * alone. A report of another shape or with too much in it is refused as a whole.
 *
 * @param nameless devices and services that have no id, or one that cannot be
 */
record ReportBody(List<DeviceReport> reports, int nameless) {
    /** Sub-devices in one report, as on the cloud. */
    static final int MAX_DEVICES = 100;

    static final int MAX_SERVICES = 1000;
    private static final int MAX_SERVICE_ID = 64;

    /** @throws IOException when it is no such report */
    static ReportBody ofDevice(DeviceId device, byte[] payload) throws IOException {
        try (Reader reader = new Reader(payload)) {
            reader.fields((field, _) -> {
                if (field.equals("services")) {
                    reader.add(device, reader.services());
                } else {
                    reader.skip();
                }
            });
            return reader.end();
        }
    }

    /** @throws IOException when it is no such report */
    static ReportBody ofSubDevices(byte[] payload) throws IOException {
        try (Reader reader = new Reader(payload)) {
            reader.fields((field, _) -> {
                if (field.equals("devices")) {
                    reader.items(reader::device);
                } else {
                    reader.skip();
                }
            });
            return reader.end();
        }
    }

    /** What has been read so far. */
    private static final class Reader implements AutoCloseable {
        private final JsonParser parser;
        private final List<DeviceReport> reports = new ArrayList<>(1);
        private int devices;
        private int services;
        private int nameless;

        Reader(byte[] payload) throws IOException {
            parser = Values.parser(Utf8.text(payload));
            expect(parser.nextToken(), JsonToken.START_OBJECT);
        }

        private interface Field {
            /** Reads the value, at whose first token the parser stands. */
            void read(String name, JsonToken first) throws IOException;
        }

        private interface Item {
            void read() throws IOException;
        }

        private void fields(Field field) throws IOException {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                expect(parser.currentToken(), JsonToken.FIELD_NAME);
                String name = parser.currentName();
                field.read(name, parser.nextToken());
            }
        }

        /** Of a list of objects, or of null. */
        private void items(Item item) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            expect(parser.currentToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken(), JsonToken.START_OBJECT);
                item.read();
            }
        }

        private void skip() throws IOException {
            JsonParser _ = parser.skipChildren();
        }

        private void device() throws IOException {
            bound(++devices, MAX_DEVICES);
            DeviceFields device = new DeviceFields();
            fields((name, first) -> {
                switch (name) {
                    case "device_id" -> device.id = text(first);
                    case "services" -> device.services.addAll(services());
                    default -> skip();
                }
            });
            add(device);
        }

        private void add(DeviceFields device) {
            try {
                add(new DeviceId(device.id), device.services);
            } catch (InvalidField e) {
                nameless++;
            }
        }

        private void add(DeviceId device, List<ServiceReport> reported) {
            if (!reported.isEmpty()) {
                reports.add(new DeviceReport(device, reported));
            }
        }

        private List<ServiceReport> services() throws IOException {
            List<ServiceReport> read = new ArrayList<>(2);
            items(() -> service(read));
            return read;
        }

        private void service(List<ServiceReport> into) throws IOException {
            bound(++services, MAX_SERVICES);
            ServiceFields service = new ServiceFields();
            fields((name, first) -> {
                switch (name) {
                    case "service_id" -> service.id = text(first);
                    case "properties" -> service.properties = properties(first);
                    case "event_time" -> service.time = text(first);
                    default -> skip();
                }
            });
            if (service.id.isEmpty() || service.id.length() > MAX_SERVICE_ID) {
                nameless++;
            } else if (!service.properties.isEmpty()) {
                into.add(new ServiceReport(service.id, service.properties, time(service.time)));
            }
        }

        private Map<String, @Nullable Object> properties(JsonToken first) throws IOException {
            if (first == JsonToken.VALUE_NULL) {
                return Map.of();
            }
            expect(first, JsonToken.START_OBJECT);
            return Values.object(parser);
        }

        /** Empty for everything that is no text. */
        private String text(JsonToken first) throws IOException {
            if (first == JsonToken.VALUE_STRING) {
                return Values.text(parser.getText());
            }
            skip();
            return "";
        }

        private static @Nullable Instant time(String text) {
            return Timestamps.parse(text).orElse(null);
        }

        private static void bound(int count, int max) throws IOException {
            if (count > max) {
                throw new IOException("too many parts");
            }
        }

        private static void expect(@Nullable JsonToken token, JsonToken expected) throws IOException {
            if (token != expected) {
                throw new IOException("not a report");
            }
        }

        /** Nothing may follow. */
        ReportBody end() throws IOException {
            if (parser.nextToken() != null) {
                throw new IOException("something stands behind the JSON object");
            }
            return new ReportBody(List.copyOf(reports), nameless);
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }

    private static final class DeviceFields {
        private String id = "";
        private final List<ServiceReport> services = new ArrayList<>(2);
    }

    private static final class ServiceFields {
        private String id = "";
        private Map<String, @Nullable Object> properties = Map.of();
        private String time = "";
    }
}
