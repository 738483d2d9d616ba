// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

import dev.downlink.bus.Incidents;
import dev.downlink.http.RouteTable.Access;
import dev.downlink.http.RouteTable.Match;
import dev.downlink.http.RouteTable.Route;
import dev.downlink.http.RouteTable.Timed;
import dev.downlink.model.InvalidField;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import dev.downlink.telemetry.Timings;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. The steps, each of which may end it: URL and method, room for one more, who asks (from the
 * headers alone), body, signature over the body, project, and then the route. Belongs to the thread of its verticle instance.
 */
final class Exchange {
    private static final int MAX_IGNORED = 1 << 20;
    private static final long LINGER_MILLIS = 2000;

    private final Door door;
    private final RouteTable routes;
    private final HttpServerRequest request;
    private final long begun = System.nanoTime();
    private Timings<Integer> times;
    private boolean inHand;
    private boolean bodyRead;
    private boolean closeAfter;
    private int ignored;

    Exchange(Door door, RouteTable routes, HttpServerRequest request) {
        this.door = door;
        this.routes = routes;
        this.request = request;
        times = door.elsewhere;
    }

    void run() {
        Future<Reply> reply;
        try {
            reply = serve();
        } catch (RuntimeException e) {
            reply = Future.failedFuture(e);
        }
        reply.onComplete(result -> answer(result.succeeded() ? result.result() : refusal(result.cause())));
    }

    /** The gateway stops and cannot wait any longer; what comes of the request later is not told to anybody. */
    void abandon() {
        answer(refusal(new Failed(new Failure.ShuttingDown())));
    }

    private Future<Reply> serve() {
        RequestLine line = RequestLine.of(request);
        Match found = routes.find(line.segments())
                .orElseThrow(() -> new Failed(new Failure.NoSuchUrl(line.method(), line.path())));
        @Nullable Timed timed = found.byMethod().get(line.method());
        if (timed == null) {
            Failure failure = new Failure.MethodNotAllowed(line.method(), line.path());
            return Future.succeededFuture(Reply.of(failure).with("Allow", found.methods()));
        }
        times = timed.times();
        Route route = timed.route();
        if (door.closing()) {
            throw new Failed(new Failure.ShuttingDown());
        }
        inHand = route.access() != Access.ALWAYS && door.enter(this);
        if (!inHand && route.access() != Access.ALWAYS) {
            throw new Failed(new Failure.Busy("http"));
        }
        Future<Pass> asker = authenticate(route, line);
        if (asker.succeeded()) {
            return answer(found, route, line, asker.result());
        }
        request.pause();
        return asker.compose(pass -> answer(found, route, line, pass));
    }

    private Future<Reply> answer(Match found, Route route, RequestLine line, Pass pass) {
        return door.bodies.read(request, route.maxBody()).compose(body -> {
            bodyRead = true;
            pass.body().accept(body);
            if (route.access() == Access.PROJECT) {
                pass.checkProject(found.path().getOrDefault("project_id", ""));
            }
            return route.handler().answer(new Call(request, line, found.path(), pass.projects(), body));
        });
    }

    private Future<Pass> authenticate(Route route, RequestLine line) {
        return switch (route.access()) {
            case ALWAYS, OPEN -> Future.succeededFuture(Pass.ANYBODY);
            case AUTHENTICATED, PROJECT -> door.authentication.begin(request, line);
        };
    }

    private Reply refusal(Throwable e) {
        Failure failure = switch (e) {
            case Failed failed -> failed.failure();
            case InvalidField invalid -> new Failure.Invalid(invalid.field(), invalid.why());
            default -> Incidents.failure(e, request.method() + " " + request.path());
        };
        closeAfter = failure instanceof Failure.TooLarge || failure instanceof Failure.ShuttingDown;
        return Reply.of(failure);
    }

    private void answer(Reply reply) {
        if (inHand) {
            inHand = false;
            door.leave(this);
        }
        times.record(reply.status(), System.nanoTime() - begun);
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (closeAfter) {
            response.putHeader("Connection", "close");
        }
        // a client that is gone before its answer shows in the end of its connection
        Future<Void> _ = reply.end(response);
        if (!bodyRead) {
            ignoreBody();
        } else if (closeAfter) {
            closeConnection();
        }
    }

    /**
     * After an answer that did not wait for the body: the rest is read and thrown away, so that the client can read the
     * answer and use the connection again; but only so much of it, and only so long.
     */
    private void ignoreBody() {
        request.exceptionHandler(_ -> {});
        request.handler(chunk -> {
            ignored += chunk.length();
            if (ignored > MAX_IGNORED) {
                closeConnection();
            }
        });
        long timer = door.vertx.setTimer(LINGER_MILLIS, _ -> closeConnection());
        request.endHandler(_ -> {
            door.vertx.cancelTimer(timer);
            if (closeAfter) {
                closeConnection();
            }
        });
        request.resume();
    }

    private void closeConnection() {
        request.connection().close().onFailure(_ -> {});
    }
}
