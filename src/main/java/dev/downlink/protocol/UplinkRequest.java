// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What adapters tell of what devices say, whatever the protocol. What a rule asks for is committed before the answer. One
 * connection's requests are dealt with in the order in which they were asked. All can fail with {@link Failure.Busy}, and
 * then nothing was done, or with {@link Failure.StorageUnavailable} and the like, and then the device should say it again.
 *
 * @param <R> type of the answer
 */
public sealed interface UplinkRequest<R extends Record> extends Request<R> {

    /** Properties. Devices that are not the connection's own or below it are left out and counted; the others go on. */
    record ReportProperties(DeviceId connection, List<DeviceReport> reports) implements UplinkRequest<Done> {
        public ReportProperties {
            reports = List.copyOf(reports);
        }
    }

    /**
     * A message of any payload (southbound §2.3). Fails with {@link Failure.DeviceNotFound} for a device that is not the
     * connection's own or below it.
     *
     * @param topic as the device published it, without what stands behind a question mark
     * @param content a JSON object, or a string
     * @param base64 whether the content is a string with the payload in Base64, since that is no text
     */
    record ReportMessage(DeviceId connection, DeviceId device, String topic, Json content, boolean base64)
            implements UplinkRequest<Done> {}

    /**
     * An event that the gateway itself does not deal with (southbound §2.7). Fails with {@link Failure.DeviceNotFound} for a
     * device that is not the connection's own or below it.
     *
     * @param eventTime null: when it is received
     * @param paras a JSON object
     */
    record ReportEvent(
            DeviceId connection,
            DeviceId device,
            String serviceId,
            String eventType,
            @Nullable Instant eventTime,
            @Nullable String eventId,
            Json paras)
            implements UplinkRequest<Done> {}
}
