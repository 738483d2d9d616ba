// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway of a sub-device says of it (southbound §6); it stays so while the gateway is away.
 *
 * @param firstOnline when it was on line for the first time; null: it never was
 * @param changed when it last went on line or off line
 */
public record ChildPresence(boolean online, @Nullable Instant firstOnline, Instant changed) {

    /** @param child null: its gateway has not said anything */
    public static DeviceStatus status(@Nullable ChildPresence child) {
        if (child == null || child.firstOnline == null) {
            return DeviceStatus.INACTIVE;
        }
        return child.online ? DeviceStatus.ONLINE : DeviceStatus.OFFLINE;
    }
}
