// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one source (the environment, the file, the built-in defaults) says. Values are taken out; what is left is unknown. */
final class Layer {
    private final Map<String, Given> left = new LinkedHashMap<>();

    /**
     * A value as it was written.
     *
     * @param where the variable or key, for messages
     * @param isFile whether the text is the path of a file that holds the value
     */
    record Given(String text, String where, boolean isFile) {
        Given asFile() {
            return new Given(text, where, true);
        }
    }

    void put(String path, String text, String where) {
        left.put(path, new Given(text, where, false));
    }

    Optional<Given> take(Key key, Mistakes mistakes) {
        Given value = left.remove(key.path());
        Given file = key.isSecret() ? left.remove(key.filePath()) : null;
        if (value != null && file != null) {
            mistakes.add(file.where(), "give either this or " + value.where() + ", not both");
        }
        return Optional.ofNullable(value).or(() -> Optional.ofNullable(file).map(Given::asFile));
    }

    /** Complains of everything that nobody took. */
    void complain(List<Key> keys, Mistakes mistakes) {
        left.forEach((path, given) -> mistakes.add(given.where(), complaint(path, keys)));
    }

    private static String complaint(String path, List<Key> keys) {
        Optional<Key> inGroup =
                keys.stream().filter(k -> k.path().startsWith(path + '.')).findFirst();
        if (inGroup.isPresent()) {
            return "is a group of keys such as " + inGroup.get().path() + ", not a value";
        }
        return "is not a known key"
                + Nearest.to(path, names(keys))
                        .map(n -> "; did you mean " + n + "?")
                        .orElse("");
    }

    private static List<String> names(List<Key> keys) {
        return keys.stream()
                .<String>mapMulti((key, names) -> {
                    names.accept(key.path());
                    if (key.isSecret()) {
                        names.accept(key.filePath());
                    }
                })
                .toList();
    }
}
