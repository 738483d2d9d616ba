// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.config.Network;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a host's name leads: it is looked up now and then, every address is held against the fence, and connections are made to
 * an address that was, never by name. Belongs to one event loop.
 */
final class Destination {
    private static final long LASTS_NANOS = 30_000_000_000L;

    private final VertxInternal vertx;
    private final AddressFence fence;
    private final LongSupplier now;
    private final String host;
    private final int port;
    private @Nullable List<SocketAddress> addresses;
    private @Nullable Future<SocketAddress> lookUp;
    private long until;
    private int turn;

    /** @param host a name or an address, without brackets */
    Destination(Vertx vertx, AddressFence fence, LongSupplier now, String host, int port) {
        this.vertx = (VertxInternal) vertx;
        this.fence = fence;
        this.now = now;
        this.host = host;
        this.port = port;
    }

    /** The address when it was looked up lately. */
    @Nullable
    SocketAddress known() {
        List<SocketAddress> known = addresses;
        return known != null && now.getAsLong() < until ? known.get(turn % known.size()) : null;
    }

    /** Fails with {@link Failure.Unreachable} when there is no address or one that the fence is against. */
    Future<SocketAddress> address() {
        SocketAddress known = known();
        if (known != null) {
            return Future.succeededFuture(known);
        }
        Future<SocketAddress> running = lookUp;
        return running == null ? lookUp() : running;
    }

    private Future<SocketAddress> lookUp() {
        Promise<List<InetSocketAddress>> found = Promise.promise();
        vertx.nameResolver().resolveAll(host, found::handle);
        Future<SocketAddress> checked = found.future()
                .recover(e -> Future.failedFuture(unreachable("its name leads nowhere: " + e.getMessage())))
                .map(this::checked);
        lookUp = checked;
        return checked.onComplete(_ -> lookUp = null);
    }

    private SocketAddress checked(List<InetSocketAddress> found) {
        List<InetAddress> all =
                found.stream().map(InetSocketAddress::getAddress).toList();
        for (InetAddress address : all) {
            Optional<Network> against = fence.against(address);
            if (against.isPresent()) {
                throw unreachable(address.getHostAddress() + " is in " + against.get() + ", where pushes may not go");
            }
        }
        if (all.isEmpty()) {
            throw unreachable("its name leads nowhere");
        }
        List<SocketAddress> known = all.stream()
                .map(address -> SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .toList();
        addresses = known;
        until = now.getAsLong() + LASTS_NANOS;
        return known.get(turn % known.size());
    }

    /** It could not be reached at the last address: the next attempt goes to another one, or asks for the name again. */
    void failed() {
        turn++;
        List<SocketAddress> known = addresses;
        if (known != null && turn >= known.size()) {
            turn = 0;
            addresses = null;
        }
    }

    private Failed unreachable(String why) {
        return new Failed(new Failure.Unreachable(host + ':' + port, why));
    }
}
