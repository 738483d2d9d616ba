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
    public static final int MAX_PER_PROJECT = 100;
    public static final int MAX_TEXT = 256;

    public BacklogPolicy {
        check(name, description, maxBytes, maxSeconds);
    }

    /** What of it is there. */
    public static void check(
            @Nullable String name,
            @Nullable String description,
            @Nullable Integer maxBytes,
            @Nullable Integer maxSeconds) {
        Text.optionalWords("policy_name", name, MAX_TEXT);
        Text.optional("description", description, MAX_TEXT);
        Text.range("backlog_size", maxBytes == null ? 0 : maxBytes, 0, MAX_BYTES);
        Text.range("backlog_time", maxSeconds == null ? 0 : maxSeconds, 0, MAX_SECONDS);
    }
}
