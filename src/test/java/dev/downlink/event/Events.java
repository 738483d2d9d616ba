// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import dev.downlink.protocol.PushRows.StoredEvent;
import java.time.Instant;

/** Events for the tests of this package. */
final class Events {
    static final ProjectId PROJECT = new ProjectId("p1");
    static final DeviceId D = new DeviceId("d1");
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    static final String HEADER =
            "{\"device_id\": \"d1\", \"product_id\": \"pr1\", \"tags\": [{\"tag_key\": \"site\", \"tag_value\":"
                    + " \"north\"}]}";

    private Events() {}

    static StoredEvent report(String body) {
        return event(Subject.DEVICE_PROPERTY, body);
    }

    static StoredEvent event(Subject subject, String body) {
        return new StoredEvent(7, 0, 3, PROJECT, D, subject, TIME, new Json(HEADER), new Json(body));
    }

    /** An event whose body is what a query is asked of. */
    static StoredEvent content(String content) {
        return event(Subject.DEVICE_MESSAGE, "{\"topic\": \"t\", \"content\": " + content + "}");
    }
}
