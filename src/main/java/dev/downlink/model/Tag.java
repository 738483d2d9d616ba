// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A mark that an application puts on a device (northbound §1.4). A device has each key once.
 *
 * @param value empty for a tag that is only a key
 */
public record Tag(String key, String value) {
    public static final int MAX_PER_DEVICE = 10;
    /** Keys that begin so are the platform's own. */
    public static final String RESERVED = "iot_";

    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 128;
    private static final Pattern CHARACTERS = Pattern.compile("[\\p{IsHan}A-Za-z0-9_.-]*");

    public Tag {
        Text.present("tag_key", key);
        check("tag_key", key, MAX_KEY);
        check("tag_value", value, MAX_VALUE);
    }

    private static void check(String field, String text, int max) {
        Text.upTo(field, text, max);
        if (!CHARACTERS.matcher(text).matches()) {
            throw new InvalidField(field, "may hold only letters, digits, Chinese characters and _.-");
        }
    }

    /** @throws InvalidField when a key occurs twice or there are too many for one device */
    public static List<Tag> checked(List<Tag> tags) {
        if (tags.isEmpty() || tags.size() > MAX_PER_DEVICE) {
            throw new InvalidField("tags", "must have 1 to " + MAX_PER_DEVICE + " entries");
        }
        Unique.names("tag_key", tags, Tag::key);
        return List.copyOf(tags);
    }
}
