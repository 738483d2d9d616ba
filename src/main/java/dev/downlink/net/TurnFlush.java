// SPDX-License-Identifier: Apache-2.0
package dev.downlink.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands what was written to many sockets in one turn of an event loop to the kernel in one go, at the end of the turn: the kernel's
 * part and ours do not push each other out of the processor's caches for each packet. Belongs in the pipelines of one event
 * loop's sockets, nearest to their handler.
 */
public final class TurnFlush extends ChannelOutboundHandlerAdapter {
    public static final String NAME = "turnFlush";

    private final List<ChannelHandlerContext> written = new ArrayList<>();

    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (written.isEmpty()) {
            context.executor().execute(this::flushAll);
        }
        written.add(context);
    }

    /** What a flush makes others write is flushed with it. */
    private void flushAll() {
        for (int i = 0; i < written.size(); i++) {
            written.get(i).flush();
        }
        written.clear();
    }

    /** What was written before is not lost. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        context.flush();
        ChannelFuture _ = context.close(promise);
    }

    @Override
    public void disconnect(ChannelHandlerContext context, ChannelPromise promise) {
        context.flush();
        ChannelFuture _ = context.disconnect(promise);
    }
}
