// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import dev.downlink.model.Subject;
import dev.downlink.model.Timestamps;
import dev.downlink.protocol.PushRows.StoredEvent;

/**
 * The documented form (northbound §6.3): an envelope with header and body. Texts that are JSON already are only put together,
 * never parsed; ids and times have no character that would have to be escaped.
 */
final class Envelope {
    /** Of what is written around header and body. */
    private static final int AROUND = 320;

    private Envelope() {}

    static String of(StoredEvent event) {
        StringBuilder out = new StringBuilder(AROUND + size(event));
        out.append("{\"resource\":\"").append(event.subject().resource());
        out.append("\",\"event\":\"").append(event.subject().event());
        times(out, event);
        out.append("\",\"request_id\":\"");
        EventId.write(out, event);
        out.append("\",\"notify_data\":");
        data(out, event);
        return out.append('}').toString();
    }

    /** What is in {@code notify_data}. */
    static String data(StoredEvent event) {
        StringBuilder out = new StringBuilder(AROUND + size(event));
        data(out, event);
        return out.toString();
    }

    private static int size(StoredEvent event) {
        return event.body().text().length()
                + (event.header() == null ? 0 : event.header().text().length());
    }

    /** The two times differ in their signs only. */
    private static void times(StringBuilder out, StoredEvent event) {
        String millis = Timestamps.millis(event.happened());
        out.append("\",\"event_time\":\"");
        out.append(millis, 0, 4).append(millis, 5, 7).append(millis, 8, 13);
        out.append(millis, 14, 16).append(millis, 17, 19).append('Z');
        out.append("\",\"event_time_ms\":\"").append(millis);
    }

    private static void data(StringBuilder out, StoredEvent event) {
        out.append('{');
        if (hasHeader(event.subject())) {
            out.append("\"header\":");
            header(out, event);
        }
        if (event.subject() != Subject.DEVICE_DELETED) {
            out.append(hasHeader(event.subject()) ? ",\"body\":" : "\"body\":");
            out.append(event.body().text());
        }
        out.append('}');
    }

    /** Of a device that is gone without a trace the id is left. */
    private static void header(StringBuilder out, StoredEvent event) {
        if (event.header() != null) {
            out.append(event.header().text());
        } else if (event.device() != null) {
            out.append("{\"device_id\":\"").append(event.device().value()).append("\"}");
        } else {
            out.append("{}");
        }
    }

    /** The cloud has none where the body names the device itself. */
    private static boolean hasHeader(Subject subject) {
        return switch (subject) {
            case DEVICE_PROPERTY,
                    DEVICE_MESSAGE,
                    DEVICE_EVENT,
                    DEVICE_STATUS,
                    MESSAGE_STATUS,
                    COMMAND_STATUS,
                    DEVICE_DELETED -> true;
            case BATCH_TASK, DEVICE_CREATED, DEVICE_UPDATED, PRODUCT_CREATED, PRODUCT_UPDATED, PRODUCT_DELETED -> false;
        };
    }
}
