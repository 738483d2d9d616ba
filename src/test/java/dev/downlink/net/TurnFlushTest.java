// SPDX-License-Identifier: Apache-2.0
package dev.downlink.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On an event loop of its own; what comes out of the handler is written down. */
class TurnFlushTest {
    private final List<Object> seen = new CopyOnWriteArrayList<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final TurnFlush flush = new TurnFlush();
    private final Channel one = channel();
    private final Channel other = channel();

    @BeforeEach
    void register() throws InterruptedException {
        ChannelFuture _ = group.register(one).sync();
        ChannelFuture _ = group.register(other).sync();
    }

    @AfterEach
    void close() throws InterruptedException {
        assertThat(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void whatIsWrittenStaysUntilTheEndOfTheTurn() throws InterruptedException {
        turn(() -> {
            ChannelFuture _ = one.writeAndFlush("a");
            ChannelFuture _ = other.writeAndFlush("b");
        });

        assertThat(seen).containsExactly("a", "b", "end of the turn", "flush", "flush");
    }

    @Test
    void nextTurnHasItsOwnEnd() throws InterruptedException {
        turn(() -> {
            ChannelFuture _ = one.writeAndFlush("a");
        });

        turn(() -> {
            ChannelFuture _ = one.writeAndFlush("b");
        });

        assertThat(seen).containsExactly("a", "end of the turn", "flush", "b", "end of the turn", "flush");
    }

    @Test
    void whatWasWrittenBeforeACloseGoesFirst() throws InterruptedException {
        turn(() -> {
            ChannelFuture _ = one.writeAndFlush("last words");
            ChannelFuture _ = one.close();
        });

        assertThat(seen).startsWith("last words", "flush", "close", "end of the turn");
    }

    private Channel channel() {
        Channel channel = new LocalChannel();
        channel.pipeline().addLast(new Witness()).addLast(flush);
        return channel;
    }

    private void turn(Runnable work) throws InterruptedException {
        var _ = one.eventLoop()
                .submit(() -> {
                    work.run();
                    seen.add("end of the turn");
                })
                .sync();
        var _ = one.eventLoop().submit(() -> {}).sync();
    }

    private final class Witness extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            seen.add(message);
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            seen.add("flush");
        }

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            seen.add("close");
            ChannelFuture _ = context.close(promise);
        }
    }
}
