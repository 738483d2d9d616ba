// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.DeviceReport;
import dev.downlink.model.InvalidField;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Shadow;
import dev.downlink.model.Text;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the shadow room can be asked: by applications and devices for a device's shadow, and by adapters with news of it. */
public sealed interface ShadowRequest<R extends Record> extends Request<R> {

    /**
     * What devices reported, in order. Answers when it is as safe as the settings say: when it is committed, or at once if
     * it may wait a little to be written with more. Fails with {@link Failure.Busy} when too much waits.
     *
     * @param connection the device that has the connection; whoever asks has checked that the others hang under it
     */
    record ReportProperties(DeviceId connection, List<DeviceReport> reports) implements ShadowRequest<Done> {}

    /** Fails with {@link Failure.DeviceNotFound}. */
    record ShowShadow(ProjectId project, DeviceId device) implements ShadowRequest<Shadow> {}

    /**
     * Changes desired values, all or none, and has the device told if it is connected (northbound §3.3). Fails with
     * {@link Failure.DeviceNotFound}, {@link Failure.ModelViolation} or {@link Failure.ShadowChanged}.
     */
    record UpdateDesired(ProjectId project, DeviceId device, List<DesiredChange> services)
            implements ShadowRequest<Shadow> {}

    /**
     * Forgets what is wanted and what was reported. Fails with {@link Failure.DeviceNotFound}.
     *
     * @param serviceId all services when absent
     */
    record DeleteShadow(
            ProjectId project, DeviceId device, @Nullable String serviceId) implements ShadowRequest<Done> {}

    /**
     * For the device itself or for a sub-device of it (southbound §2.6). Fails with {@link Failure.DeviceNotFound} for all
     * others.
     *
     * @param serviceId all services when absent
     */
    record FetchShadow(
            DeviceId connection, DeviceId device, @Nullable String serviceId) implements ShadowRequest<Shadow> {}

    /**
     * A connection has been opened, or has got sub-devices of another one: the desired values of its device and of what hangs
     * under it may have to be pushed.
     */
    record ConnectionOpened(DeviceId connection) implements ShadowRequest<Done> {}

    /**
     * A change of what is wanted of one service.
     *
     * @param properties parsed JSON object; null takes a property out, an empty object all of them
     * @param version which the service must have now, if it is given
     */
    record DesiredChange(
            String serviceId,
            Map<String, @Nullable Object> properties,
            @Nullable Long version) {
        public DesiredChange {
            Text.upTo("service_id", Text.present("service_id", serviceId), 64);
            if (version != null && version < 0) {
                throw new InvalidField("version", "must not be negative");
            }
            for (String name : properties.keySet()) {
                if (name.chars().anyMatch(c -> c == '.' || c == '$' || c == 0)) {
                    throw new InvalidField("desired." + name, "must not contain '.', '$' or NUL");
                }
            }
        }
    }
}
