// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.DeviceId;
import dev.downlink.model.MessageId;

/**
 * Where a message is kept: with the device that has the connection, under the device it is for.
 *
 * @param connection the device itself or the gateway above it
 */
public record MessageKey(DeviceId connection, DeviceId device, MessageId id) {}
