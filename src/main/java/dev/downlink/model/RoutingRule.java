// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an application wants to be told of (northbound §6.1); its actions say where to.
 *
 * @param space null: all spaces of the project
 * @param select what of an event is sent, null: all of it
 * @param where which events are sent, null: all
 */
public record RoutingRule(
        RuleId id,
        RecordId recordId,
        ProjectId project,
        @Nullable SpaceId space,
        Subject subject,
        @Nullable String name,
        @Nullable String description,
        @Nullable String select,
        @Nullable String where,
        boolean active,
        Instant created) {
    public static final int MAX_NAME = 256;
    public static final int MAX_QUERY = 2500;
    public static final int MAX_PER_PROJECT = 100;

    public RoutingRule {
        Text.optionalWords("rule_name", name, MAX_NAME);
        Text.optional("description", description, MAX_NAME);
        Text.optional("select", select, MAX_QUERY);
        Text.optional("where", where, MAX_QUERY);
    }
}
