// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;

/** Where the events of a rule are sent (northbound §6.1). */
public record RuleAction(
        ActionId id, RecordId recordId, ProjectId project, RuleId rule, Channel channel, Instant created) {
    public static final int MAX_PER_RULE = 10;
}
