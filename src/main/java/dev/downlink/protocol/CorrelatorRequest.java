// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.Json;
import dev.downlink.model.ProjectId;
import dev.downlink.model.RequestId;
import dev.downlink.model.ServiceProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the correlator can be asked: calls that wait for a device's answer. */
public sealed interface CorrelatorRequest<R extends Record> extends Request<R> {
    ProjectId project();

    DeviceId device();

    /** How long the device has. */
    Duration limit();

    /** The correlator times the call itself; the bus only watches the correlator. */
    @Override
    default Duration patience() {
        return limit().plusSeconds(10);
    }

    /**
     * Sends a command and waits for its answer (northbound §3.1).
     *
     * @param paras parsed JSON object: String, Boolean, Integer, Long, BigInteger, BigDecimal, Map, List and null
     */
    record SendCommand(
            ProjectId project,
            DeviceId device,
            @Nullable String serviceId,
            @Nullable String commandName,
            Map<String, @Nullable Object> paras,
            Duration limit)
            implements CorrelatorRequest<Answered> {}

    /** Sets properties and waits for the answer (northbound §3.2). */
    record SetProperties(ProjectId project, DeviceId device, List<ServiceProperties> services, Duration limit)
            implements CorrelatorRequest<Answered> {}

    /** Asks for the properties of a service and waits for the answer (northbound §3.2). */
    record GetProperties(ProjectId project, DeviceId device, String serviceId, Duration limit)
            implements CorrelatorRequest<Answered> {}

    /** The device's answer, passed on as it came. */
    record Answered(RequestId request, Json response) {}
}
