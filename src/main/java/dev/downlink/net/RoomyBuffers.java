// SPDX-License-Identifier: Apache-2.0
package dev.downlink.net;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;

/**
 * Gives no buffer outside of the heap that is smaller than most answers are. Netty writes an answer's body behind its header
 * when there is room for it: then there is one buffer to hand to the kernel, and the answer takes half the work to send.
 */
public final class RoomyBuffers extends AbstractByteBufAllocator {
    private static final int LEAST = 1024;

    private final ByteBufAllocator buffers;

    private RoomyBuffers(ByteBufAllocator buffers) {
        super(true);
        this.buffers = buffers;
    }

    /** From now on the channel takes its buffers here. */
    public static void of(Channel channel) {
        channel.config().setAllocator(new RoomyBuffers(channel.alloc()));
    }

    @Override
    public boolean isDirectBufferPooled() {
        return buffers.isDirectBufferPooled();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return buffers.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return buffers.directBuffer(Math.min(maxCapacity, Math.max(LEAST, initialCapacity)), maxCapacity);
    }
}
