// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/** Why a message has not reached its device, or not yet. */
public enum MessageError {
    /** It was not to wait for the device, which was not connected. */
    DEVICE_OFFLINE,
    /** Its topic is one that the device has to subscribe, and has not. */
    NOT_SUBSCRIBED,
    /** Newer messages took its place while it waited. */
    PUSHED_OUT,
    /** The device answered with an error (MQTT 5). */
    REFUSED_BY_DEVICE,
    /** The device takes no packets of that size (MQTT 5). */
    TOO_LARGE_FOR_DEVICE,
    /** Its time to live ended. */
    EXPIRED
}
