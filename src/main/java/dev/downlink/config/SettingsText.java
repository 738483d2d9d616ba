// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings as a program shows them: one {@code key=value} each, secrets masked. */
public final class SettingsText {
    private SettingsText() {}

    /** In the order of the file; {@code -} stands for what is not set. */
    public static List<String> lines(Settings settings) {
        List<String> lines = new ArrayList<>();
        collect(settings, "", lines);
        return lines;
    }

    private static void collect(Object tree, String prefix, List<String> lines) {
        for (RecordComponent component : tree.getClass().getRecordComponents()) {
            Key key = Key.of(prefix, component);
            Object value = valueOf(component, tree);
            if (key.isGroup() && value != null) {
                collect(value, key.path() + '.', lines);
            } else {
                lines.add(key.path() + '=' + text(value));
            }
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case Duration duration -> Limit.format(duration);
            case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
            case List<?> list ->
                list.stream().map(i -> i.toString().toLowerCase(Locale.ROOT)).collect(Collectors.joining(","));
            default -> value.toString();
        };
    }

    private static @Nullable Object valueOf(RecordComponent component, Object tree) {
        try {
            return component.getAccessor().invoke(tree);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
