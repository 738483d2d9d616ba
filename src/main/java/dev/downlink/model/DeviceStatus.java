// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** What the API shows as a device's status (northbound §1.2). */
public enum DeviceStatus {
    /** Connected now. */
    ONLINE,
    /** Was connected once and is not now. */
    OFFLINE,
    /** The node that held the connection gives no sign of life; whether the device is connected nobody knows. */
    ABNORMAL,
    /** Has never been connected. */
    INACTIVE,
    /** May not connect. */
    FROZEN
}
