// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int SEGMENT = 1448;

    private final Frames frames = new Frames();
    private final EmbeddedChannel channel = new EmbeddedChannel(frames);

    @Test
    void packetInManySegmentsIsHandedOnOnceAndWhole() {
        frames.bounds(100_000, 64 * 1024);
        Packet.Out filters = new Packet.Out().u16(1);
        for (int i = 0; i < 12_000; i++) {
            filters.text("a").u8(0);
        }
        byte[] subscribe = Packet.packet(0x82, filters);

        for (int i = 0; i < subscribe.length; i += SEGMENT) {
            byte[] segment = Arrays.copyOfRange(subscribe, i, Math.min(subscribe.length, i + SEGMENT));
            channel.writeInbound(Unpooled.wrappedBuffer(segment));
        }

        assertThat(channel.inboundMessages()).hasSize(1);
        assertThat(bytes()).isEqualTo(subscribe);
    }

    @Test
    void packetsInOneSegmentAreHandedOnOneByOne() {
        frames.bounds(1000, 1000);
        byte[] publish = Packet.publish(1, "a", "text");

        channel.writeInbound(Unpooled.wrappedBuffer(Packet.PING, publish, Packet.PING));

        assertThat(bytes()).isEqualTo(Packet.PING);
        assertThat(bytes()).isEqualTo(publish);
        assertThat(bytes()).isEqualTo(Packet.PING);
    }

    @Test
    void boundOfPublishIsNotThatOfOtherPackets() {
        frames.bounds(1000, 20);
        byte[] publish = Packet.publish(1, "a", "x".repeat(900));

        channel.writeInbound(Unpooled.wrappedBuffer(publish), Unpooled.wrappedBuffer(Packet.hex("8214")));
        byte[] passed = bytes();
        MqttMessage refused = channel.readInbound();

        assertThat(passed).isEqualTo(publish);
        assertThat(refused.decoderResult().cause()).isInstanceOf(TooLongFrameException.class);
    }

    @Test
    void whatFollowsABrokenPacketIsDropped() {
        frames.bounds(1000, 1000);

        channel.writeInbound(Unpooled.wrappedBuffer(
                Packet.hex("30ffffffff7f"), "rest".getBytes(StandardCharsets.UTF_8), Packet.PING));

        assertThat(channel.inboundMessages()).hasSize(1);
        assertThat(channel.<MqttMessage>readInbound().decoderResult().isFailure())
                .isTrue();
    }

    private byte[] bytes() {
        ByteBuf packet = channel.readInbound();
        byte[] bytes = new byte[packet.readableBytes()];
        packet.readBytes(bytes);
        packet.release();
        return bytes;
    }
}
