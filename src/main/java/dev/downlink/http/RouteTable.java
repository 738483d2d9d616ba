// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The routes of the API, for vertx-web's router to find by path. Patterns are literal segments, <code>{name}</code> for one
 * segment and <code>{name...}</code> for all that remain; what was added first wins.
 */
final class RouteTable {
    private static final Pattern NAME = Pattern.compile("\\{([a-z_]+)}");
    private static final Pattern REST = Pattern.compile("\\{([a-z_]+)\\.\\.\\.}$");

    private final Map<String, NavigableMap<String, Route>> byPattern = new LinkedHashMap<>();

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
    record Match(NavigableMap<String, Route> byMethod, Map<String, String> path) {
        String methods() {
            return String.join(", ", byMethod.keySet());
        }
    }

    void add(String method, String pattern, Route route) {
        if (byPattern.computeIfAbsent(pattern, _ -> new TreeMap<>()).put(method, route) != null) {
            throw new IllegalStateException("two routes for " + method + " " + pattern);
        }
    }

    /** All routes, each as method and pattern. */
    Set<String> all() {
        return byPattern.entrySet().stream()
                .flatMap(routes -> routes.getValue().keySet().stream().map(method -> method + ' ' + routes.getKey()))
                .collect(Collectors.toSet());
    }

    /** @param serve takes every request, with the routes of its path if there are any */
    Router router(Vertx vertx, BiConsumer<HttpServerRequest, Optional<Match>> serve) {
        Router router = Router.router(vertx);
        byPattern.forEach((pattern, routes) -> router.route(path(pattern))
                // a path is what it is: two slashes are not one
                .useNormalizedPath(false)
                .handler(context -> serve.accept(context.request(), Optional.of(match(pattern, routes, context)))));
        router.route().handler(context -> serve.accept(context.request(), Optional.empty()));
        // a path that cannot be decoded is refused by the exchange, in the same form as everything else
        return router.errorHandler(400, context -> serve.accept(context.request(), Optional.empty()));
    }

    private static String path(String pattern) {
        return NAME.matcher(REST.matcher(pattern).replaceFirst("*")).replaceAll(":$1");
    }

    private static Match match(String pattern, NavigableMap<String, Route> routes, RoutingContext context) {
        Matcher rest = REST.matcher(pattern);
        if (!rest.find()) {
            return new Match(routes, context.pathParams());
        }
        Map<String, String> names = new HashMap<>(context.pathParams());
        names.put(rest.group(1), context.pathParam("*"));
        return new Match(routes, names);
    }
}
