// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import dev.downlink.model.EventFormat;
import dev.downlink.model.Json;
import dev.downlink.protocol.PushRows.StoredEvent;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as their receivers want them (northbound §6.3). Where a rule selects parts, these are all that is sent, in
 * CloudEvents as the data.
 */
public final class Formats {
    /** Some receivers read text as ISO 8859-1 unless they are told. */
    static final String JSON = "application/json;charset=utf-8";

    private Formats() {}

    /** @param selected null: all of it */
    public static Content write(StoredEvent event, @Nullable Json selected, EventFormat format) {
        return switch (format) {
            case DOCUMENTED -> json(selected == null ? Envelope.of(event) : selected.text());
            case FLAT_2021 -> json(selected == null ? Flat2021.of(event) : selected.text());
            case CLOUDEVENTS_STRUCTURED ->
                new Content(
                        CloudEvent.STRUCTURED, Map.of(), Buffer.buffer(CloudEvent.of(event, data(event, selected))));
            case CLOUDEVENTS_BINARY ->
                new Content(CloudEvent.DATA, CloudEvent.attributes(event), Buffer.buffer(data(event, selected)));
        };
    }

    private static Content json(String text) {
        return new Content(JSON, Map.of(), Buffer.buffer(text));
    }

    private static String data(StoredEvent event, @Nullable Json selected) {
        return selected == null ? Envelope.data(event) : selected.text();
    }
}
