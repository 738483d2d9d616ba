// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The tables of what waits to be pushed. */
public interface PushRows {

    /**
     * A row of the outbox with the header joined.
     *
     * @param header null for batch tasks
     */
    record StoredEvent(
            long id,
            int lane,
            int action,
            ProjectId project,
            @Nullable DeviceId device,
            Subject subject,
            Instant happened,
            @Nullable Json header,
            Json body) {}
}
