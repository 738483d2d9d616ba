// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A piece of wire between two programs that can be cut and joined again. */
public final class TcpRelay implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final String host;
    private final int target;
    private final NetServer server;
    private volatile boolean cut;

    public TcpRelay(String host, int target) {
        this.host = host;
        this.target = target;
        NetClient client = vertx.createNetClient();
        server = Outcome.of(vertx.createNetServer()
                .connectHandler(from -> accept(client, from))
                .listen(0, "127.0.0.1"));
    }

    private void accept(NetClient client, NetSocket from) {
        if (cut) {
            var _ = from.close();
            return;
        }
        sockets.add(from);
        from.pause();
        client.connect(target, host)
                .onSuccess(to -> {
                    sockets.add(to);
                    join(from, to);
                    join(to, from);
                    from.resume();
                })
                .onFailure(_ -> from.close());
    }

    private void join(NetSocket from, NetSocket to) {
        from.handler(to::write).closeHandler(_ -> {
            sockets.remove(from);
            var _ = to.close();
        });
    }

    public int port() {
        return server.actualPort();
    }

    /** Ends all connections and takes no new ones. */
    public void cut() {
        cut = true;
        for (NetSocket socket : sockets) {
            var _ = socket.close();
        }
    }

    public void join() {
        cut = false;
    }

    @Override
    public void close() {
        Outcome.of(vertx.close());
    }
}
