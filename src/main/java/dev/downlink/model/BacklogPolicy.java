// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much may wait for an action or queue of a project. With several policies the smallest bound holds.
 *
 * @param maxBytes 0 to {@link #MAX_BYTES}
 * @param maxSeconds age of an event, 0 to {@link #MAX_SECONDS}
 */
public record BacklogPolicy(
        PolicyId id,
        RecordId recordId,
        ProjectId project,
        @Nullable String name,
        @Nullable String description,
        int maxBytes,
        int maxSeconds,
        Instant created) {
    public static final int MAX_BYTES = 1_073_741_823;
    public static final int MAX_SECONDS = 86_399;
}
