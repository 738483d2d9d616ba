// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.support.Outcome;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An application's server, which answers what it is told to. */
final class Receiver implements AutoCloseable {
    final List<Push> pushes = new CopyOnWriteArrayList<>();
    final AtomicInteger atOnce = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private volatile Function<Push, Integer> answer = _ -> 200;

    record Push(String path, MultiMap headers, String body) {
        JsonObject data() {
            return new JsonObject(body).getJsonObject("notify_data");
        }

        String device() {
            return data().getJsonObject("header").getString("device_id");
        }

        Integer number() {
            return data().getJsonObject("body").getInteger("n");
        }
    }

    private Receiver(int port, HttpServerOptions options) {
        server = vertx.createHttpServer(options).requestHandler(this::take);
        Outcome.of(server.listen(port, "127.0.0.1"));
    }

    static Receiver start() {
        return startAt(0);
    }

    static Receiver startAt(int port) {
        return new Receiver(port, new HttpServerOptions());
    }

    /** Speaks TLS. */
    static Receiver startWith(Path certificate, Path key) {
        PemKeyCertOptions own =
                new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
        return new Receiver(0, new HttpServerOptions().setSsl(true).setKeyCertOptions(own));
    }

    /** 0: no answer at all. */
    void answers(Function<Push, Integer> status) {
        answer = status;
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Push push = new Push(request.path(), request.headers(), body.toString());
            int status = answer.apply(push);
            pushes.add(push);
            if (status > 0) {
                if (status >= 300 && status < 400) {
                    request.response().putHeader("Location", "http://127.0.0.1:" + port() + "/elsewhere");
                }
                var _ = request.response().setStatusCode(status).end("thanks");
            }
        });
    }

    int port() {
        return server.actualPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/events";
    }

    List<Integer> numbers(String device) {
        return pushes.stream()
                .filter(push -> push.device().equals(device))
                .map(Push::number)
                .toList();
    }

    @Override
    public void close() {
        Outcome.of(vertx.close());
    }
}
