// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.RecordId;

/**
 * Part of a list, newest first (northbound §0.2).
 *
 * @param limit 1 to 50
 * @param marker only records with a smaller id
 * @param offset 0 to 500, counted from the marker
 */
public record Page(int limit, RecordId marker, int offset) {
    public static final int MAX_LIMIT = 50;
    public static final int MAX_OFFSET = 500;
    public static final Page FIRST = new Page(10, RecordId.LAST, 0);
}
