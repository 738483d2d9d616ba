// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;

/** A queue that keeps events for consumers who log in with an access code (northbound §6.2). */
public record AmqpQueue(
        QueueId id, RecordId recordId, ProjectId project, String name, Instant created, Instant modified) {
    public static final int MAX_PER_PROJECT = 100;
}
