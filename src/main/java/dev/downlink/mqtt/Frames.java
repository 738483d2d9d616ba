// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttMessageFactory;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.util.List;

/**
 * Hands the decoder whole packets only, because it begins an unfinished one anew with every segment that arrives; and none
 * that is larger than its type may be. A packet is a slice of what arrived; between packets nothing is kept. Belongs to one
 * connection.
 */
final class Frames extends ByteToMessageDecoder {
    private static final int MAX_LENGTH_BYTES = 4;

    private int maxPublish;
    private int maxOther;
    private boolean broken;

    /**
     * Of the packets that are still to come.
     *
     * @param publish largest PUBLISH, in bytes with its header
     * @param other likewise of all other types
     */
    void bounds(int publish, int other) {
        maxPublish = publish;
        maxOther = other;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int start = in.readerIndex();
        int first = in.getUnsignedByte(start);
        if (!hasRightFlags(first)) {
            fail(in, out, new DecoderException("wrong flags in the fixed header"));
            return;
        }
        long length = 0;
        for (int i = 1; i <= MAX_LENGTH_BYTES; i++) {
            if (in.readableBytes() <= i) {
                return;
            }
            int digit = in.getUnsignedByte(start + i);
            length |= (digit & 0x7FL) << (7 * (i - 1));
            if (digit < 0x80) {
                pass(in, out, isPublish(first), 1 + i + length);
                return;
            }
        }
        fail(in, out, new DecoderException("the length has more than four bytes"));
    }

    private void pass(ByteBuf in, List<Object> out, boolean publish, long size) {
        int max = publish ? maxPublish : maxOther;
        if (size > max) {
            fail(in, out, new TooLongFrameException("packet of " + size + " bytes, at most " + max));
        } else if (in.readableBytes() >= size) {
            out.add(in.readRetainedSlice((int) size));
        }
    }

    /** Nothing that comes behind a broken packet can be understood. */
    private void fail(ByteBuf in, List<Object> out, DecoderException why) {
        broken = true;
        in.skipBytes(in.readableBytes());
        out.add(MqttMessageFactory.newInvalidMessage(why));
    }

    private static boolean isPublish(int first) {
        return first >> 4 == MqttMessageType.PUBLISH.value();
    }

    private static boolean hasRightFlags(int first) {
        int flags = first & 0x0F;
        return switch (first >> 4) {
            case 0 -> false;
            case 3 -> true;
            case 6, 8, 10 -> flags == 2;
            default -> flags == 0;
        };
    }
}
