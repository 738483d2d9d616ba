// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one receiver that are kept between pushes. Vert.x's pool looks for its endpoint and waits in its line at every
 * request; here there is one endpoint, and whoever asks has counted before how many connections there may be. Belongs to one
 * event loop.
 */
final class HttpConnections {
    /** Receivers usually keep an idle connection longer, or say so when they close it. */
    private static final long KEPT_NANOS = 20_000_000_000L;

    private final Vertx vertx;
    private final HttpClientAgent client;
    private final HttpTarget target;
    private final LongSupplier now;
    /** The one that was used last comes first. */
    private final Deque<Kept> idle = new ArrayDeque<>();

    private boolean isSweeping;

    /** A connection that nothing is under way on. */
    record Kept(HttpClientConnection connection, SocketAddress address, long since) {}

    /** @param now nanoseconds that only grow */
    HttpConnections(Vertx vertx, HttpClientAgent client, HttpTarget target, LongSupplier now) {
        this.vertx = vertx;
        this.client = client;
        this.target = target;
        this.now = now;
    }

    /** One that is kept, or a new one. */
    Future<Kept> take(SocketAddress address) {
        Kept kept = kept(address);
        return kept == null ? open(address) : Future.succeededFuture(kept);
    }

    /** Takes one that is kept. */
    @Nullable
    Kept kept(SocketAddress address) {
        closeOld();
        Kept kept = idle.poll();
        if (kept != null && !kept.address().equals(address)) {
            close(kept);
            return null;
        }
        return kept;
    }

    private Future<Kept> open(SocketAddress address) {
        HttpConnectOptions options = new HttpConnectOptions()
                .setServer(address)
                .setHost(target.peer())
                .setPort(target.port());
        return client.connect(options).map(connection -> {
            connection.closeHandler(_ -> idle.removeIf(kept -> kept.connection().equals(connection)));
            return new Kept(connection, address, now.getAsLong());
        });
    }

    /** Nothing is under way on it any more, and the receiver did not say that it closes it. */
    void giveBack(Kept used) {
        idle.push(new Kept(used.connection(), used.address(), now.getAsLong()));
        sweepLater();
    }

    private void sweepLater() {
        if (!isSweeping && !idle.isEmpty()) {
            isSweeping = true;
            var _ = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(KEPT_NANOS), _ -> {
                isSweeping = false;
                closeOld();
                sweepLater();
            });
        }
    }

    private void closeOld() {
        Kept oldest = idle.peekLast();
        while (oldest != null && now.getAsLong() - oldest.since() > KEPT_NANOS) {
            close(idle.removeLast());
            oldest = idle.peekLast();
        }
    }

    private static void close(Kept kept) {
        var _ = kept.connection().close();
    }
}
