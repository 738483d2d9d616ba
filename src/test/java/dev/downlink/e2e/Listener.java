// SPDX-License-Identifier: Apache-2.0
package dev.downlink.e2e;

import dev.downlink.support.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/** An application's server that answers just as many pushes as it is told to, and keeps the others waiting. */
final class Listener implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<JsonObject> heard = new ArrayList<>();
    private final Deque<HttpServerRequest> waiting = new ArrayDeque<>();
    private int leave;

    /** @param leave how many pushes are answered, for now */
    Listener(int leave) {
        this.leave = leave;
        server = vertx.createHttpServer().requestHandler(this::take);
        Outcome.of(server.listen(0, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/events";
    }

    /** What was pushed, answered or not. */
    synchronized List<JsonObject> heard() {
        return List.copyOf(heard);
    }

    /** Answers so many more. */
    synchronized void answer(int more) {
        leave += more;
        IntStream.range(0, Math.min(leave, waiting.size())).forEach(_ -> answer(waiting.remove()));
    }

    /** Answers whatever waits and comes. */
    void answerAll() {
        answer(Integer.MAX_VALUE / 2);
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> take(request, body.toJsonObject()));
    }

    private synchronized void take(HttpServerRequest request, JsonObject event) {
        heard.add(event);
        if (leave > 0) {
            answer(request);
        } else {
            waiting.add(request);
        }
    }

    private void answer(HttpServerRequest request) {
        leave--;
        var _ = request.response().end();
    }

    @Override
    public void close() {
        Outcome.of(vertx.close());
    }
}
