// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values for properties of one service (northbound §3.2).
 *
 * @param properties parsed JSON object: String, Boolean, Integer, Long, BigInteger, BigDecimal, Map, List and null
 */
public record ServiceProperties(String serviceId, Map<String, @Nullable Object> properties) {
    public ServiceProperties {
        Text.upTo("service_id", Text.present("service_id", serviceId), 64);
    }
}
