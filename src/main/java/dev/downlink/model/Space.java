// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;

/** A resource space of a project (northbound §7). Every project has exactly one default space. */
public record Space(ProjectId project, SpaceId id, String name, boolean isDefault, Instant created) {
    public static final int MAX_PER_PROJECT = 10;

    public Space {
        Text.words("app_name", name, 64);
    }
}
