// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import dev.downlink.config.Layer.Given;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of records from layers of values. Where a value is wrong, the next layer's stands in for it, so that the
 * rules over several keys can be checked, and reported, all the same.
 */
final class Binder {
    private final List<Layer> layers;
    private final Mistakes mistakes;
    private final Value value;
    private final Map<String, String> origins = new HashMap<>();

    /** @param layers the first that has a value wins; the last has one for every key that must have one */
    Binder(List<Layer> layers, Mistakes mistakes) {
        this.layers = layers;
        this.mistakes = mistakes;
        this.value = new Value(mistakes);
    }

    Settings bind() {
        return bind(Settings.class, "");
    }

    /** Where a key's value comes from: the variable or the line. */
    String origin(String path) {
        return origins.getOrDefault(path, path);
    }

    private <T> T bind(Class<T> tree, String prefix) {
        RecordComponent[] components = tree.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Key key = Key.of(prefix, components[i]);
            values[i] = key.isGroup() ? bind(key.type(), key.path() + '.') : leaf(key);
        }
        return construct(tree, components, values);
    }

    private @Nullable Object leaf(Key key) {
        List<Given> candidates =
                layers.stream().flatMap(l -> l.take(key, mistakes).stream()).toList();
        for (Given given : candidates) {
            origins.putIfAbsent(key.path(), given.where());
            Optional<?> read = value.read(key, given);
            if (read.isPresent()) {
                return read.get();
            }
        }
        if (!key.optional()) {
            throw new IllegalStateException("no default for " + key.path());
        }
        return null;
    }

    private static <T> T construct(Class<T> type, RecordComponent[] components, @Nullable Object[] values) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }
}
