// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

import dev.downlink.model.Device;
import dev.downlink.model.ProjectId;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;

/** Keeps projects apart: to one project another's device does not exist. */
final class Fence {
    private Fence() {}

    static Device check(Device device, ProjectId project) {
        if (!device.project().equals(project)) {
            throw new Failed(new Failure.DeviceNotFound(device.id()));
        }
        return device;
    }
}
