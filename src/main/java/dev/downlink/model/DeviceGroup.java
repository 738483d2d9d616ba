// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A set of devices of one space (northbound §1.6). A static group holds those that were put into it and may be part of another
 * one; a dynamic group consists at any time of those that its rule fits.
 *
 * @param superGroup the group that this one is part of
 * @param rule of a dynamic group, the condition as it was written: see {@link DeviceFilter#parse}
 */
public record DeviceGroup(
        RecordId recordId,
        ProjectId project,
        SpaceId space,
        GroupId id,
        String name,
        @Nullable String description,
        @Nullable GroupId superGroup,
        @Nullable String rule,
        Instant created) {
    public static final int MAX_PER_PROJECT = 1000;
    public static final int MAX_DYNAMIC_PER_PROJECT = 10;
    public static final int MAX_DEVICES = 20_000;
    public static final int MAX_PER_DEVICE = 10;
    public static final int MAX_LEVELS = 5;

    private static final int MAX_TEXT = 64;

    public DeviceGroup {
        checkName(name);
        checkDescription(description);
        if (rule != null && superGroup != null) {
            throw new InvalidField("super_group_id", "must not be set for a dynamic group");
        }
    }

    @CanIgnoreReturnValue
    public static String checkName(String name) {
        return Text.phrase("name", Text.present("name", name), MAX_TEXT);
    }

    @CanIgnoreReturnValue
    public static @Nullable String checkDescription(@Nullable String description) {
        return description == null ? null : Text.phrase("description", description, MAX_TEXT);
    }

    public boolean isDynamic() {
        return rule != null;
    }
}
