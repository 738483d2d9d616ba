// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.List;
import java.util.Set;

/**
 * A search for devices (northbound §1.5).
 *
 * @param members of the answer that are asked for; empty: all
 * @param count only their number is asked for
 * @param offset from the first one
 */
public record DeviceSearch(
        List<String> members, boolean count, DeviceFilter filter, boolean oldestFirst, int limit, int offset) {
    public static final int MAX_LENGTH = 400;
    public static final int MAX_CONDITIONS = 5;
    public static final int MAX_LIMIT = 50;
    public static final int MAX_OFFSET = 500;
    static final int USUAL_LIMIT = 10;
    static final Set<String> MEMBERS = Set.of(
            "app_id",
            "app_name",
            "device_id",
            "node_id",
            "gateway_id",
            "device_name",
            "node_type",
            "fw_version",
            "sw_version",
            "device_sdk_version",
            "product_id",
            "product_name",
            "groups",
            "status",
            "tags",
            "marker");

    public DeviceSearch {
        members = List.copyOf(members);
    }

    /** @throws InvalidField for {@code sql}, saying what is not understood and where */
    public static DeviceSearch parse(String sql) {
        return new SearchParser("sql", sql).statement();
    }
}
