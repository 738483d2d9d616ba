// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Telemetry;
import dev.downlink.telemetry.Timings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The routes of the API, found by path; what was added first wins. */
final class RouteTable {
    private final Map<String, NavigableMap<String, Timed>> byPattern = new LinkedHashMap<>();
    private final List<Found> found = new ArrayList<>();
    private final Telemetry telemetry;

    RouteTable(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

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

    /** A route and the times that its answers take, by status. */
    record Timed(Route route, Timings<Integer> times) {}

    /** @param path the values of the pattern's names */
    record Match(NavigableMap<String, Timed> byMethod, Map<String, String> path) {
        String methods() {
            return String.join(", ", byMethod.keySet());
        }
    }

    void add(String method, String pattern, Route route) {
        Timed timed = new Timed(route, telemetry.timings(MeterName.HTTP_REQUESTS, String::valueOf, pattern, method));
        if (byPattern.computeIfAbsent(pattern, this::begin).put(method, timed) != null) {
            throw new IllegalStateException("two routes for " + method + " " + pattern);
        }
    }

    private NavigableMap<String, Timed> begin(String pattern) {
        NavigableMap<String, Timed> byMethod = new TreeMap<>();
        found.add(new Found(PathPattern.of(pattern), byMethod));
        return byMethod;
    }

    /** All routes, each as method and pattern. */
    Set<String> all() {
        return byPattern.entrySet().stream()
                .flatMap(routes -> routes.getValue().keySet().stream().map(method -> method + ' ' + routes.getKey()))
                .collect(Collectors.toSet());
    }

    /** @param path decoded segments */
    Optional<Match> find(List<String> path) {
        for (Found found : found) {
            if (found.pattern.fits(path)) {
                return Optional.of(new Match(found.byMethod, found.pattern.values(path)));
            }
        }
        return Optional.empty();
    }

    private record Found(PathPattern pattern, NavigableMap<String, Timed> byMethod) {}
}
