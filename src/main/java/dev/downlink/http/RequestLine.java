// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.auth.Percent;
import dev.downlink.auth.SignedRequest.Pair;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Method, path and query of a request, decoded once. */
record RequestLine(String method, List<String> segments, List<Pair> query) {
    private static final int SHOWN = 200;

    /** @throws Failed with {@link Failure.Unreadable} when path or query is not percent-encoded UTF-8 */
    static RequestLine of(HttpServerRequest request) {
        @Nullable String path = request.path();
        return new RequestLine(request.method().name(), segments(path == null ? "" : path), pairs(request.query()));
    }

    boolean endsWithSlash() {
        return segments.getLast().isEmpty();
    }

    /** For messages: the path, cut off when it is long. */
    String path() {
        String path = "/" + String.join("/", segments);
        return path.length() > SHOWN ? path.substring(0, SHOWN) + "…" : path;
    }

    /** The first value of a parameter; null also when it is empty. */
    @Nullable
    String parameter(String name) {
        for (Pair pair : query) {
            if (pair.name().equals(name)) {
                return pair.value().isEmpty() ? null : pair.value();
            }
        }
        return null;
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int start = path.startsWith("/") ? 1 : 0;
        for (int end = path.indexOf('/', start); end >= 0; end = path.indexOf('/', start)) {
            segments.add(decode("path", path.substring(start, end), false));
            start = end + 1;
        }
        segments.add(decode("path", path.substring(start), false));
        return segments;
    }

    private static List<Pair> pairs(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return List.of();
        }
        List<Pair> pairs = new ArrayList<>();
        for (String part : query.split("&")) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : part.substring(equals + 1);
                pairs.add(new Pair(decode("query", name, true), decode("query", value, true)));
            }
        }
        return pairs;
    }

    private static String decode(String what, String text, boolean plusIsSpace) {
        try {
            return Percent.decode(text, plusIsSpace);
        } catch (IllegalArgumentException e) {
            throw new Failed(new Failure.Unreadable(what, "is not percent-encoded UTF-8"));
        }
    }
}
