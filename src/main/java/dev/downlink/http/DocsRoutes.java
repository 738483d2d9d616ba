// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The description of the API, for programs and for people. Made when it is first asked for and then kept, so that a start
 * does not wait for it. Belongs to one verticle instance.
 */
final class DocsRoutes {
    private static final int MAX_BODY = 1024;

    private final Vertx vertx;
    private @Nullable Future<Docs> made;

    DocsRoutes(Vertx vertx) {
        this.vertx = vertx;
    }

    void mount(RouteTable routes) {
        routes.add("GET", "/openapi.yaml", new Route(Access.ALWAYS, MAX_BODY, _ -> docs().map(Docs::document)));
        routes.add("GET", "/docs", new Route(Access.ALWAYS, MAX_BODY, _ -> docs().map(Docs::page)));
    }

    private Future<Docs> docs() {
        Future<Docs> docs = made;
        if (docs == null) {
            docs = vertx.executeBlocking(DocsRoutes::make, false).map(Objects::requireNonNull);
            made = docs;
        }
        return docs;
    }

    private static Docs make() {
        ApiDocument document = ApiDocument.read();
        DocsPage page = new DocsPage(document);
        return new Docs(
                new Reply(200, Buffer.buffer(document.text()), Map.of("Content-Type", "application/yaml")),
                new Reply(
                        200,
                        Buffer.buffer(page.html()),
                        Map.of(
                                "Content-Type", "text/html; charset=utf-8",
                                "Content-Security-Policy", page.policy(),
                                "X-Content-Type-Options", "nosniff",
                                "Referrer-Policy", "no-referrer")));
    }

    private record Docs(Reply document, Reply page) {}
}
