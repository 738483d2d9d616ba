// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import java.util.List;

/** What the room of shadows can be asked. */
public sealed interface ShadowRequest<R extends Record> extends Request<R> {
    /**
     * What devices reported, in order. Answers when it is safe as the setting says (shadow.flush_interval 0: committed; else
     * at once when there is room).
     */
    record ReportProperties(DeviceId connection, List<DeviceReport> reports) implements ShadowRequest<Done> {}
}
