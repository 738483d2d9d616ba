// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.List;

/** What one device reported, service by service in the order in which it wrote them (southbound §2.6). */
public record DeviceReport(DeviceId device, List<ServiceReport> services) {
    public DeviceReport {
        services = List.copyOf(services);
    }
}
