// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cluster;

import dev.downlink.support.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands before the nodes of a cluster: gives each connection to the nodes in turn, or to the one that takes it. */
final class Balancer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final NetServer server;
    private final int[] targets;
    private final AtomicInteger turn = new AtomicInteger();

    Balancer(int... targets) {
        this.targets = targets;
        server = Outcome.of(vertx.createNetServer().connectHandler(this::accept).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    private void accept(NetSocket from) {
        from.pause();
        int first = turn.getAndIncrement();
        connect(first)
                .recover(_ -> connect(first + 1))
                .onFailure(_ -> from.close())
                .onSuccess(to -> {
                    to.handler(from::write).closeHandler(_ -> from.close());
                    from.handler(to::write).closeHandler(_ -> to.close());
                    from.resume();
                });
    }

    private Future<NetSocket> connect(int which) {
        return client.connect(targets[which % targets.length], "127.0.0.1");
    }

    @Override
    public void close() {
        Outcome.of(vertx.close());
    }
}
