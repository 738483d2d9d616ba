// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between devices and a gateway and writes down each CONNECT. */
public final class ConnectRelay implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final List<String> connects = new CopyOnWriteArrayList<>();
    private final NetServer server;

    /** @param target port of the gateway on this machine */
    public ConnectRelay(int target) {
        this.server = Outcome.of(vertx.createNetServer()
                .connectHandler(device -> relay(device, target))
                .listen(0, "127.0.0.1"));
    }

    public int port() {
        return server.actualPort();
    }

    /** Protocol name and level of each CONNECT, in order. */
    public List<String> connects() {
        return List.copyOf(connects);
    }

    @Override
    public void close() {
        Outcome.of(vertx.close());
    }

    private void relay(NetSocket device, int target) {
        device.pause();
        Future<NetSocket> connected = vertx.createNetClient().connect(target, "127.0.0.1");
        connected.onFailure(_ -> device.close()).onSuccess(gateway -> {
            gateway.handler(device::write).closeHandler(_ -> device.close());
            device.handler(first -> {
                connects.add(protocol(first));
                device.handler(gateway::write);
                gateway.write(first);
            });
            device.closeHandler(_ -> gateway.close());
            device.resume();
        });
    }

    /** Behind the fixed header, whose second part ends with the first byte below 128. */
    private static String protocol(Buffer packet) {
        int at = 1;
        while (packet.getByte(at) < 0) {
            at++;
        }
        int length = packet.getUnsignedShort(at + 1);
        int level = at + 3 + length;
        return packet.getString(at + 3, level) + ' ' + packet.getByte(level);
    }
}
