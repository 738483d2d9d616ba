// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a route by method and path. Patterns are literal segments, <code>{name}</code> for one segment and
 * <code>{name...}</code> for all that remain; a literal wins over a name.
 */
final class RouteTable {
    private final Node root = new Node();

    /** What a route does with a request that has passed all checks. */
    interface Handler {
        Future<Reply> answer(Call call);
    }

    /** What is checked before a route is run. */
    enum Access {
        /** Nothing at all, not even whether there is room for one more request. */
        ALWAYS,
        /** Not who asks. */
        OPEN,
        /** Who asks. */
        AUTHENTICATED,
        /** Also that the project in the path is one of the caller's. */
        PROJECT
    }

    /** @param maxBody in bytes; larger bodies are refused before they are read whole */
    record Route(Access access, int maxBody, Handler handler) {}

    /** @param path the values of the pattern's names */
    record Match(Map<String, Route> byMethod, Map<String, String> path) {
        String methods() {
            return String.join(", ", byMethod.keySet());
        }
    }

    void add(String method, String pattern, Route route) {
        Node node = root;
        for (String segment : pattern.substring(1).split("/")) {
            node = node.grow(segment);
        }
        if (node.byMethod.put(method, route) != null) {
            throw new IllegalStateException("two routes for " + method + " " + pattern);
        }
    }

    /** @throws Failed with {@link Failure.NoSuchUrl} */
    Match find(RequestLine line) {
        List<String> segments = line.segments();
        Map<String, String> names = new HashMap<>();
        @Nullable Node node = root;
        for (int i = 0; i < segments.size() && node != null; i++) {
            if (node.rest != null) {
                names.put(node.name, String.join("/", segments.subList(i, segments.size())));
                node = node.rest;
                break;
            }
            node = node.step(segments.get(i), names);
        }
        if (node == null || node.byMethod.isEmpty()) {
            throw new Failed(new Failure.NoSuchUrl(line.method(), line.path()));
        }
        return new Match(node.byMethod, names);
    }

    private static final class Node {
        private final Map<String, Node> literal = new HashMap<>();
        private final Map<String, Route> byMethod = new TreeMap<>();
        private @Nullable Node one;
        private @Nullable Node rest;
        private String name = "";

        Node grow(String segment) {
            if (!segment.startsWith("{")) {
                return literal.computeIfAbsent(segment, _ -> new Node());
            }
            boolean all = segment.endsWith("...}");
            name = segment.substring(1, segment.length() - (all ? 4 : 1));
            if (all) {
                rest = rest == null ? new Node() : rest;
                return rest;
            }
            one = one == null ? new Node() : one;
            return one;
        }

        @Nullable
        Node step(String segment, Map<String, String> names) {
            Node next = literal.get(segment);
            if (next != null || one == null || segment.isEmpty()) {
                return next;
            }
            names.put(name, segment);
            return one;
        }
    }
}
