// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/**
 * A topic filter that a device subscribed to.
 *
 * @param qos what was granted, 0 or 1
 */
public record Subscription(String filter, int qos) {
    /** Whether the filter, which is valid, means a topic. A leading wildcard does not match a leading {@code $} (MQTT §4.7). */
    public boolean matches(String topic) {
        if (topic.startsWith("$") && (filter.startsWith("#") || filter.startsWith("+"))) {
            return false;
        }
        int f = 0;
        int t = 0;
        while (f < filter.length()) {
            char c = filter.charAt(f);
            if (c == '#') {
                return true;
            }
            if (c == '+') {
                t = endOfLevel(topic, t);
                f++;
            } else if (t < topic.length() && topic.charAt(t) == c) {
                t++;
                f++;
            } else {
                return t == topic.length() && filter.startsWith("/#", f);
            }
        }
        return t == topic.length();
    }

    private static int endOfLevel(String topic, int from) {
        int slash = topic.indexOf('/', from);
        return slash < 0 ? topic.length() : slash;
    }
}
