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
    public static final int MAX_PER_PROJECT = 100;
    public static final int MAX_TEXT = 256;

    public FlowPolicy {
        check(name, description, limit);
        scopeValue = scope == Scope.USER ? null : checkValue(scope, scopeValue);
    }

    /** What of it is there. */
    public static void check(@Nullable String name, @Nullable String description, @Nullable Integer limit) {
        Text.optionalWords("policy_name", name, MAX_TEXT);
        Text.optional("description", description, MAX_TEXT);
        Text.range("limit", limit == null ? 1 : limit, 1, MAX_LIMIT);
    }

    private static String checkValue(Scope scope, @Nullable String value) {
        String text = Text.present("scope_value", value);
        if (scope == Scope.CHANNEL) {
            return Channel.Kind.of("scope_value", text).name();
        }
        return Text.identifier("scope_value", text, RuleId.MAX_LENGTH);
    }

    public enum Scope {
        /** Each action and queue of the project. */
        USER,
        CHANNEL,
        RULE,
        ACTION
    }
}
