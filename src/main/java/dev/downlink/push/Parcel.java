// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.event.Content;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way.
 *
 * @param id grows with time, for one device too
 * @param key what its order is kept by: the device's id, the product's when it is about no device
 * @param space where the device or product is, null when that is not known
 * @param device null when it is about no device
 */
record Parcel(
        long id,
        ProjectId project,
        Subject subject,
        Instant happened,
        String key,
        @Nullable String space,
        @Nullable String device,
        Content content) {}
