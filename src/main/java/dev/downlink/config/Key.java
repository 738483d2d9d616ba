// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import dev.downlink.model.Secret;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting: a leaf of the tree of records.
 *
 * @param path as in the file, for example {@code mqtt.max_packet}
 * @param optional whether it may be absent
 */
record Key(String path, Class<?> type, boolean optional) {
    private static final String PREFIX = "DOWNLINK_";

    static Key of(String prefix, RecordComponent component) {
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new Key(prefix + snakeCase(component.getName()), component.getType(), optional);
    }

    /** All settings, in the order of the tree. */
    static List<Key> all() {
        List<Key> keys = new ArrayList<>();
        collect(Settings.class, "", keys);
        return keys;
    }

    private static void collect(Class<?> tree, String prefix, List<Key> keys) {
        for (RecordComponent component : tree.getRecordComponents()) {
            Key key = of(prefix, component);
            if (key.isGroup()) {
                collect(key.type, key.path + '.', keys);
            } else {
                keys.add(key);
            }
        }
    }

    boolean isGroup() {
        return type.isRecord() && !isSecret();
    }

    boolean isSecret() {
        return type == Secret.class;
    }

    /** The key, or the variable, that names a file which holds the secret. */
    String filePath() {
        return path + "_file";
    }

    static String variable(String path) {
        return PREFIX + path.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    static boolean isVariable(String name) {
        return name.startsWith(PREFIX);
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
