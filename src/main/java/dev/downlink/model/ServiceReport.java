// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device reported of one service (southbound §2.6).
 *
 * @param properties parsed JSON object: String, Boolean, Integer, Long, BigInteger, BigDecimal, Map, List and null
 * @param eventTime when the device saw it; null: when the platform received it
 */
public record ServiceReport(
        String serviceId,
        Map<String, @Nullable Object> properties,
        @Nullable Instant eventTime) {}
