// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message and what became of it (northbound §2.2).
 *
 * @param device for whom it is
 * @param connection the device that has the connection: the device itself or the gateway above it
 * @param error why it was not delivered, or is not yet
 * @param finished null while it is pending
 * @param timeline oldest first
 */
public record StoredMessage(
        DeviceId device,
        DeviceId connection,
        Message message,
        MessageStatus status,
        @Nullable MessageError error,
        Instant created,
        @Nullable Instant finished,
        List<TimelineStep> timeline) {}
