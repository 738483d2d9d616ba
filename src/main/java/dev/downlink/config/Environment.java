// SPDX-License-Identifier: Apache-2.0
package dev.downlink.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The variables {@code DOWNLINK_…}. Their names are made from the keys and not the other way round, so that it does not
 * matter that {@code _} separates both groups and words.
 */
final class Environment {
    /** What Kubernetes puts into every pod for a Service whose name begins with "downlink". */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

    private Environment() {}

    /** A variable that is set but empty counts as not set. */
    static Layer read(Map<String, String> variables, List<Key> keys, Mistakes mistakes) {
        Map<String, String> paths = paths(keys);
        Layer layer = new Layer();
        new TreeMap<>(variables).forEach((name, value) -> {
            if (!Key.isVariable(name) || value.isEmpty() || isServiceLink(name, value)) {
                return;
            }
            String path = paths.get(name);
            if (path == null) {
                mistakes.add(name, "is not a known variable" + hint(name, paths));
            } else {
                layer.put(path, value, name);
            }
        });
        return layer;
    }

    private static Map<String, String> paths(List<Key> keys) {
        Map<String, String> paths = new HashMap<>();
        for (Key key : keys) {
            paths.put(Key.variable(key.path()), key.path());
            if (key.isSecret()) {
                paths.put(Key.variable(key.filePath()), key.filePath());
            }
        }
        paths.put("DOWNLINK_CLUSTER", "cluster.enabled");
        return paths;
    }

    private static String hint(String name, Map<String, String> paths) {
        return Nearest.to(name, paths.keySet().stream().sorted().toList())
                .map(n -> "; did you mean " + n + "?")
                .orElse("");
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches() || (name.endsWith("_PORT") && value.startsWith("tcp://"));
    }
}
