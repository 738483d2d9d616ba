// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The path of a route: literal segments, <code>{name}</code> for one segment that is not empty, and in the end perhaps
 * <code>{name...}</code> for one segment or more.
 *
 * @param names what a segment is called; empty where it is literal
 */
record PathPattern(List<String> segments, List<String> names, boolean open) {
    private static final String REST = "...}";

    PathPattern {
        segments = List.copyOf(segments);
        names = List.copyOf(names);
    }

    static PathPattern of(String pattern) {
        List<String> segments = List.of(pattern.substring(1).split("/"));
        return new PathPattern(
                segments, segments.stream().map(PathPattern::name).toList(), pattern.endsWith(REST));
    }

    private static String name(String segment) {
        int end = segment.length() - (segment.endsWith(REST) ? REST.length() : 1);
        return segment.startsWith("{") ? segment.substring(1, end) : "";
    }

    /** @param path decoded segments */
    boolean fits(List<String> path) {
        if (open ? path.size() < segments.size() : path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean named = !names.get(i).isEmpty();
            if (named ? path.get(i).isEmpty() : !segments.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The values of the names in a path that fits. */
    Map<String, String> values(List<String> path) {
        Map<String, String> values = HashMap.newHashMap(2);
        int last = segments.size() - 1;
        for (int i = 0; i <= last; i++) {
            if (!names.get(i).isEmpty()) {
                boolean rest = open && i == last;
                values.put(names.get(i), rest ? String.join("/", path.subList(i, path.size())) : path.get(i));
            }
        }
        return values;
    }
}
