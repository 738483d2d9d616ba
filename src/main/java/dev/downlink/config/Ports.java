// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ports that were really taken, for those who asked for a free one. Safe for all threads. */
public final class Ports {
    private final SortedMap<String, Integer> taken = new TreeMap<>();

    public synchronized void take(String name, int port) {
        taken.put(name, port);
    }

    public synchronized Map<String, Integer> taken() {
        return Map.copyOf(taken);
    }
}
