// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of one service's properties as its device says they are.
 *
 * @param properties parsed JSON object: String, Boolean, Integer, Long, BigInteger, BigDecimal, Map, List and null
 * @param eventTime when they were so; null: when the report was received
 */
public record ServiceReport(
        String serviceId,
        Map<String, @Nullable Object> properties,
        @Nullable Instant eventTime) {}
