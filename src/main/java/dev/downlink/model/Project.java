// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;

/** A tenant of the gateway. */
public record Project(ProjectId id, String name, Instant created) {
    public Project {
        Text.identifier("name", name, 64);
    }
}
