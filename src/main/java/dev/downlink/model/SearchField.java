// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What devices can be searched by, and how (northbound §1.5). */
public enum SearchField {
    APP_ID(false, false),
    DEVICE_ID(false, false),
    GATEWAY_ID(false, false),
    PRODUCT_ID(false, false),
    DEVICE_NAME(true, false),
    NODE_ID(true, false),
    STATUS(false, false),
    NODE_TYPE(false, false),
    TAG_KEY(true, false),
    TAG_VALUE(true, false),
    SW_VERSION(false, false),
    FW_VERSION(false, false),
    GROUP_ID(false, false),
    CREATE_TIME(false, true),
    MARKER(false, true);

    private static final Set<String> NODE_TYPES = Set.of("GATEWAY", "ENDPOINT");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    private static final Pattern MARK = Pattern.compile("[0-9a-fA-F]{24}");

    private final boolean likeable;
    private final boolean ordered;

    SearchField(boolean likeable, boolean ordered) {
        this.likeable = likeable;
        this.ordered = ordered;
    }

    /** The field of this name; names are case-sensitive. */
    static Optional<SearchField> named(String text) {
        for (SearchField field : values()) {
            if (field.text().equals(text)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** As the contract writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean takes(Operator operator) {
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> true;
            case GREATER, LESS, NOT_LESS, NOT_GREATER -> ordered;
            case LIKE -> likeable;
            case IN, NOT_IN -> this != TAG_KEY && this != TAG_VALUE;
        };
    }

    /** What a value of this field has to be, in words, if it is not. */
    @Nullable
    String complaint(String value) {
        return switch (this) {
            case STATUS -> isStatus(value) ? null : "a status: ONLINE, OFFLINE, ABNORMAL, INACTIVE or FROZEN";
            case NODE_TYPE -> NODE_TYPES.contains(value) ? null : "a node type: GATEWAY or ENDPOINT";
            case CREATE_TIME -> isTime(value) ? null : "a time such as 2015-06-06T12:10:10.000Z";
            case MARKER -> MARK.matcher(value).matches() ? null : "24 hexadecimal digits";
            default -> value.isEmpty() ? "a text that is not empty" : null;
        };
    }

    private static boolean isStatus(String value) {
        for (DeviceStatus status : DeviceStatus.values()) {
            if (status.name().equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTime(String value) {
        try {
            return TIME.matcher(value).matches() && Instant.parse(value).isAfter(Instant.MIN);
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** How a field is compared. */
    public enum Operator {
        EQUAL,
        NOT_EQUAL,
        GREATER,
        LESS,
        NOT_LESS,
        NOT_GREATER,
        /** Begins with. */
        LIKE,
        IN,
        NOT_IN
    }
}
