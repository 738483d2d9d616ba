// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import dev.downlink.model.TimelineStep;
import dev.downlink.model.TimelineStep.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the steps of a message are written into its row: a line for each, a letter for the kind, microseconds since 1970 in
 * base 36, and the detail if there is one. Steps whose time is a column of its own are a letter alone: {@link #STORED}
 * happened when the row was created, the last one when it was finished; the statement that does it appends it.
 */
final class Timeline {
    static final String STORED = "S";
    static final String DELIVERED = "D";
    static final String FAILED = "F";
    static final String EXPIRED = "X";

    private static final int RADIX = 36;
    private static final int MAX_STEPS = 32;
    private static final int MAX_DETAIL = 128;

    private Timeline() {}

    /** The newest of the steps, each with its line end; those that the table knows by itself are left out. */
    static String write(List<TimelineStep> steps) {
        StringBuilder text = new StringBuilder();
        steps.subList(Math.max(0, steps.size() - MAX_STEPS), steps.size()).forEach(step -> append(text, step));
        return text.toString();
    }

    private static void append(StringBuilder text, TimelineStep step) {
        if (isKnown(step.kind())) {
            return;
        }
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, step.time());
        text.append(letter(step.kind())).append(Long.toString(micros, RADIX));
        String detail = step.detail();
        if (detail != null) {
            text.append(':').append(oneLine(detail));
        }
        text.append('\n');
    }

    /** PostgreSQL takes no NUL, and a text may not end within a surrogate pair. */
    private static String oneLine(String detail) {
        StringBuilder line = new StringBuilder();
        detail.codePoints()
                .limit(MAX_DETAIL)
                .map(c -> Character.isISOControl(c) ? ' ' : Character.getType(c) == Character.SURROGATE ? '?' : c)
                .forEach(line::appendCodePoint);
        return line.toString();
    }

    static List<TimelineStep> read(String text, Instant created, @Nullable Instant finished) {
        return text.lines().map(line -> step(line, created, finished)).toList();
    }

    private static TimelineStep step(String line, Instant created, @Nullable Instant finished) {
        Kind kind = kind(line.substring(0, 1));
        return switch (kind) {
            case STORED -> new TimelineStep(created, kind, null);
            case DELIVERED, FAILED, EXPIRED -> new TimelineStep(finished == null ? created : finished, kind, null);
            default -> written(line, kind);
        };
    }

    private static TimelineStep written(String line, Kind kind) {
        int colon = line.indexOf(':');
        String micros = line.substring(1, colon < 0 ? line.length() : colon);
        Instant time = Instant.EPOCH.plus(Long.parseLong(micros, RADIX), ChronoUnit.MICROS);
        return new TimelineStep(time, kind, colon < 0 ? null : line.substring(colon + 1));
    }

    private static boolean isKnown(Kind kind) {
        return switch (kind) {
            case STORED, DELIVERED, FAILED, EXPIRED -> true;
            default -> false;
        };
    }

    private static String letter(Kind kind) {
        return switch (kind) {
            case ACCEPTED -> "A";
            case STORED -> STORED;
            case ROUTED -> "R";
            case NOT_SUBSCRIBED -> "N";
            case PUBLISHED -> "P";
            case ACKNOWLEDGED -> "K";
            case RETURNED -> "B";
            case DELIVERED -> DELIVERED;
            case FAILED -> FAILED;
            case EXPIRED -> EXPIRED;
        };
    }

    private static Kind kind(String letter) {
        for (Kind kind : Kind.values()) {
            if (letter(kind).equals(letter)) {
                return kind;
            }
        }
        throw new IllegalStateException("a timeline has a step '" + letter + "'");
    }
}
