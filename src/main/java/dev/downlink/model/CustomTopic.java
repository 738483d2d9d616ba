// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A topic that a product's devices have besides the system topics: {@code $oc/devices/{id}/user/{suffix}}
 * (southbound §2.8).
 */
public record CustomTopic(
        String suffix, Operation operation, @Nullable String description) {
    public static final int MAX_PER_PRODUCT = 50;

    private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9_/]{1,64}");

    public CustomTopic {
        if (!SUFFIX.matcher(Text.present("topic", suffix)).matches()) {
            throw new InvalidField("topic", "must have 1 to 64 letters, digits, '_' and '/'");
        }
        if (suffix.contains("//") || suffix.startsWith("/") || suffix.endsWith("/")) {
            throw new InvalidField("topic", "must not have empty levels");
        }
        Text.optional("description", description, 128);
    }

    /** What a device may do with the topic. */
    public enum Operation {
        PUBLISH,
        SUBSCRIBE,
        ALL;

        public boolean allowsPublish() {
            return this != SUBSCRIBE;
        }

        public boolean allowsSubscribe() {
            return this != PUBLISH;
        }
    }
}
