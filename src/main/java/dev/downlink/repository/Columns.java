// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of a batch, column by column, as {@code unnest} takes them. */
final class Columns {
    private Columns() {}

    static <K> @Nullable String[] strings(List<K> batch, Function<K, @Nullable String> column) {
        return batch.stream().map(column).toArray(String[]::new);
    }

    static <K> Long[] longs(List<K> batch, Function<K, Long> column) {
        return batch.stream().map(column).toArray(Long[]::new);
    }

    static <K> @Nullable Integer[] ints(List<K> batch, Function<K, @Nullable Integer> column) {
        return batch.stream().map(column).toArray(Integer[]::new);
    }

    static <K> Boolean[] flags(List<K> batch, Function<K, Boolean> column) {
        return batch.stream().map(column).toArray(Boolean[]::new);
    }
}
