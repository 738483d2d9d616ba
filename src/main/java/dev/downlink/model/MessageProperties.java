// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a message carries along for devices that speak MQTT 5 (northbound §2.1); others do not see it. */
public record MessageProperties(
        @Nullable String correlationData, @Nullable String responseTopic, List<UserProperty> userProperties) {
    public static final int MAX_USER_PROPERTIES = 20;

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_\\-?=$#+/]{1,128}");

    public MessageProperties {
        if (correlationData != null) {
            Text.identifier("properties.correlation_data", correlationData, 128);
        }
        if (responseTopic != null && !TOPIC.matcher(responseTopic).matches()) {
            throw new InvalidField("properties.response_topic", "must have 1 to 128 letters, digits and _-?=$#+/");
        }
        if (userProperties.size() > MAX_USER_PROPERTIES) {
            throw new InvalidField(
                    "properties.user_properties", "must not have more than " + MAX_USER_PROPERTIES + " entries");
        }
        userProperties = List.copyOf(userProperties);
    }
}
