// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many events a second are sent. With several policies that fit an action the smallest bound holds.
 *
 * @param scopeValue a channel, or the id of a rule or an action; null for {@link Scope#USER}
 * @param limit events a second, 1 to {@link #MAX_LIMIT}
 */
public record FlowPolicy(
        PolicyId id,
        RecordId recordId,
        ProjectId project,
        @Nullable String name,
        @Nullable String description,
        Scope scope,
        @Nullable String scopeValue,
        int limit,
        Instant created) {
    public static final int MAX_LIMIT = 1000;

    public enum Scope {
        /** Each action and queue of the project. */
        USER,
        CHANNEL,
        RULE,
        ACTION
    }
}
