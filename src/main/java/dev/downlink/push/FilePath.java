// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The template of the directories that files are put into (northbound §6.1): {@code {YYYY}}, {@code {MM}}, {@code {DD}},
 * {@code {HH}} of the event's time in UTC, {@code {appId}} and {@code {deviceId}}. What an event does not have is "none". Belongs
 * to the event loop of its sink.
 */
final class FilePath {
    private static final Pattern PART = Pattern.compile("\\{(YYYY|MM|DD|HH|appId|deviceId)}");
    private static final DateTimeFormatter YEAR =
            DateTimeFormatter.ofPattern("uuuu").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("MM").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("HH").withZone(ZoneOffset.UTC);

    private final String template;
    private final boolean isOfDevice;
    // what the last event had, since most have the same
    private Instant hour = Instant.MAX;
    private @Nullable String space;
    private String latest = "";

    /** @param template its empty parts and those that servers would take for a way up are left out */
    FilePath(String template) {
        this.template = Arrays.stream(template.split("/"))
                .map(String::strip)
                .filter(part -> !part.isEmpty() && !part.equals(".") && !part.equals(".."))
                .map(part -> part + '/')
                .collect(Collectors.joining());
        isOfDevice = template.contains("{deviceId}");
    }

    /** Empty or with a slash at its end. */
    String of(Parcel parcel) {
        if (isOfDevice) {
            return filled(parcel);
        }
        Instant now = parcel.happened().truncatedTo(ChronoUnit.HOURS);
        if (!now.equals(hour) || !Objects.equals(parcel.space(), space)) {
            hour = now;
            space = parcel.space();
            latest = filled(parcel);
        }
        return latest;
    }

    private String filled(Parcel parcel) {
        Matcher parts = PART.matcher(template);
        StringBuilder path = new StringBuilder();
        while (parts.find()) {
            parts.appendReplacement(path, Matcher.quoteReplacement(value(parts.group(1), parcel)));
        }
        return parts.appendTail(path).toString();
    }

    private static String value(String part, Parcel parcel) {
        Instant time = parcel.happened();
        return switch (part) {
            case "YYYY" -> YEAR.format(time);
            case "MM" -> MONTH.format(time);
            case "DD" -> DAY.format(time);
            case "HH" -> HOUR.format(time);
            case "appId" -> Objects.requireNonNullElse(parcel.space(), "none");
            default -> Objects.requireNonNullElse(parcel.device(), "none");
        };
    }
}
