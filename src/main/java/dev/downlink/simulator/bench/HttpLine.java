// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import dev.downlink.simulator.Northbound;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Commands over one HTTP connection that is kept alive. Written on bare sockets, because an HTTP client would cost more than
 * the server that is measured. A lost connection is an error of the command in hand; the next command opens another.
 */
final class HttpLine implements Line {
    private static final long REOPEN_MILLIS = 50;

    private final Vertx vertx;
    private final NetClient client;
    private final Northbound.Gate gate;
    private final SignedRequests requests;

    private final StringBuilder body = new StringBuilder();
    private @Nullable NetSocketInternal socket;
    private @Nullable Ending ending;
    private int status;
    private int device;

    HttpLine(Vertx vertx, NetClient client, Northbound.Gate gate, SignedRequests requests) {
        this.vertx = vertx;
        this.client = client;
        this.gate = gate;
        this.requests = requests;
    }

    @Override
    public Future<Void> open() {
        return client.connect(gate.port(), gate.host()).onSuccess(this::use).mapEmpty();
    }

    private void use(NetSocket connected) {
        NetSocketInternal fresh = (NetSocketInternal) connected;
        ChannelPipeline pipeline = fresh.channelHandlerContext().pipeline();
        pipeline.addBefore("handler", "http", new HttpResponseDecoder());
        fresh.messageHandler(this::receive);
        fresh.closeHandler(_ -> lost());
        socket = fresh;
    }

    @Override
    public void send(int number, Ending whenEnded) {
        ending = whenEnded;
        device = number;
        NetSocketInternal present = socket;
        if (present == null) {
            var _ = open().onComplete(_ -> write(), _ -> {
                long _ = vertx.setTimer(REOPEN_MILLIS, _ -> end("no connection"));
            });
        } else {
            write();
        }
    }

    private void write() {
        NetSocketInternal present = socket;
        if (present == null) {
            end("connection lost");
            return;
        }
        ByteBuf request = Unpooled.wrappedBuffer(requests.of(device));
        var _ = present.writeMessage(request);
    }

    private void receive(Object message) {
        try {
            if (message instanceof HttpResponse head) {
                status = head.status().code();
                body.setLength(0);
            }
            if (message instanceof HttpContent part && part.content().isReadable()) {
                body.append(part.content().toString(StandardCharsets.UTF_8));
            }
            if (message instanceof LastHttpContent) {
                end(requests.outcome(device, status, body.toString()));
            }
        } finally {
            boolean _ = ReferenceCountUtil.release(message);
        }
    }

    private void lost() {
        socket = null;
        end("connection lost");
    }

    private void end(String outcome) {
        Ending whenEnded = ending;
        ending = null;
        if (whenEnded != null) {
            whenEnded.ended(outcome);
        }
    }

    @Override
    public Future<Void> close() {
        NetSocketInternal present = socket;
        return present == null ? Future.succeededFuture() : present.close();
    }
}
