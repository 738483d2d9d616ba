// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wanted of a device and what it said last, service by service (northbound §3.3). */
public record Shadow(DeviceId device, List<Service> services) {
    public Shadow {
        services = List.copyOf(services);
    }

    /** The same with one service only, if it is there. */
    public Shadow only(String serviceId) {
        return new Shadow(
                device,
                services.stream().filter(s -> s.serviceId().equals(serviceId)).toList());
    }

    /** @param version grows with every change; a service that nobody has written has version 0 */
    public record Service(
            String serviceId,
            @Nullable Part desired,
            @Nullable Part reported,
            long version) {}

    /**
     * @param properties a JSON object of names and values
     * @param time of the last change
     */
    public record Part(Json properties, Instant time) {}
}
