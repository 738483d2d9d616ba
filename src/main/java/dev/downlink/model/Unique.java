// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Names that must not occur twice in a list. */
final class Unique {
    private Unique() {}

    static <T> void names(String field, List<T> items, Function<T, String> name) {
        Set<String> seen = new HashSet<>();
        for (T item : items) {
            if (!seen.add(name.apply(item))) {
                throw new InvalidField(field, "'" + name.apply(item) + "' occurs twice");
            }
        }
    }

    static List<Para> paras(List<Para> paras) {
        if (paras.size() > ServiceModel.MAX_ITEMS) {
            throw new InvalidField("paras", "must not have more than " + ServiceModel.MAX_ITEMS + " entries");
        }
        for (Para para : paras) {
            Text.upTo("para_name", Text.present("para_name", para.name()), 32);
        }
        names("para_name", paras, Para::name);
        return List.copyOf(paras);
    }
}
