// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.Message;
import dev.downlink.model.MessageError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to the connection of its device.
 *
 * @param sequence grows with every message; messages of a device leave in this order
 * @param remaining how long it may still be delivered, by the clock of the database when it was read
 * @param error what has been recorded as keeping it from its device
 */
public record QueuedMessage(
        MessageKey key,
        long sequence,
        Message message,
        Duration remaining,
        @Nullable MessageError error) {}
