// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.model.DeviceId;
import dev.downlink.simulator.EventLoops;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * An application's end of pushes over HTTP, on several event loops: takes every event, and notes for the ledger which message
 * of which device it is about, and how long after it had happened it came.
 */
final class PushReceiver {
    private static final int DIGITS = 3;

    private final List<HttpServer> servers;

    private PushReceiver(List<HttpServer> servers) {
        this.servers = servers;
    }

    /** What came. For all threads. */
    static final class Arrivals {
        private final Ledger ledger;
        private final InstantSource clock;
        private final Histogram lag = new ConcurrentHistogram(DIGITS);
        private final AtomicLong last = new AtomicLong();

        Arrivals(Ledger ledger, InstantSource clock) {
            this.ledger = ledger;
            this.clock = clock;
        }

        private void take(String event) {
            long now = System.nanoTime();
            ledger.arrived(new DeviceId(text(event, "device_id")), text(event, "message_id"));
            Instant happened = Instant.parse(text(event, "event_time_ms"));
            long millis = clock.instant().toEpochMilli() - happened.toEpochMilli();
            lag.recordValue(TimeUnit.MILLISECONDS.toMicros(Math.max(0, millis)));
            long _ = last.accumulateAndGet(now, (a, b) -> a - b > 0 ? a : b);
        }

        Latency lag() {
            return Latency.of(lag);
        }

        /** Of the last event, as {@link System#nanoTime()} tells it; 0 before the first. */
        long last() {
            return last.get();
        }
    }

    static Future<PushReceiver> open(Vertx vertx, List<Context> loops, String host, int port, Arrivals arrivals) {
        List<Future<HttpServer>> opening = loops.stream()
                .map(loop -> EventLoops.on(loop, () -> listen(vertx, host, port, arrivals)))
                .toList();
        return Future.all(opening)
                .map(_ -> new PushReceiver(opening.stream().map(Future::result).toList()));
    }

    private static Future<HttpServer> listen(Vertx vertx, String host, int port, Arrivals arrivals) {
        return vertx.createHttpServer(new HttpServerOptions().setHost(host).setPort(port))
                .requestHandler(request -> take(request, arrivals))
                .listen();
    }

    private static void take(HttpServerRequest request, Arrivals arrivals) {
        request.body().map(Buffer::toString).onSuccess(arrivals::take).onComplete(result -> {
            var _ = request.response()
                    .setStatusCode(result.succeeded() ? 200 : 400)
                    .end();
        });
    }

    /** A text of an event; there may be blanks before and behind its colon. */
    private static String text(String event, String name) {
        int colon = event.indexOf(':', event.indexOf('"' + name + '"'));
        int from = event.indexOf('"', colon) + 1;
        return event.substring(from, event.indexOf('"', from));
    }

    Future<Void> close() {
        return Future.join(servers.stream().map(HttpServer::close).toList()).mapEmpty();
    }
}
