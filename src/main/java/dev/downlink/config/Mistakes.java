// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong while the settings are read, so that all of it is reported at once. */
final class Mistakes {
    private final List<ConfigException.Mistake> found = new ArrayList<>();

    void add(String where, String what) {
        found.add(new ConfigException.Mistake(where, what));
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(found);
        }
    }
}
