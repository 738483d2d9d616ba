// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import org.jspecify.annotations.Nullable;

/**
 * A sub-device as its gateway is told of it (southbound §2.7).
 *
 * @param parent the device that it hangs under, which is not always the one that has the connection
 * @param details null of one that is gone
 */
public record SubDevice(
        DeviceId id,
        DeviceId parent,
        NodeName node,
        ProductId product,
        @Nullable Details details) {

    public record Details(
            @Nullable String name,
            @Nullable String description,
            Versions versions,
            DeviceStatus status,
            @Nullable Json extensionInfo) {}
}
