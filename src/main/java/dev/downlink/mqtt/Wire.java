// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.net.TurnFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection's socket with the MQTT codec in its pipeline, and with bounds on what waits there in both directions. Belongs
 * to its connection.
 */
final class Wire {
    private static final Logger LOGGER = LoggerFactory.getLogger(Wire.class);
    private static final int MAX_CLIENT_ID = 256;
    /** Of every packet but PUBLISH, in bytes. */
    private static final int MAX_CONTROL = 64 * 1024;

    private final NetSocketInternal socket;
    private final Frames frames = new Frames();
    private final int maxUnwritten;

    /** @param maxUnwritten bytes that may wait for the device to read them */
    Wire(NetSocketInternal socket, int maxUnwritten, TurnFlush flush) {
        this.socket = socket;
        this.maxUnwritten = maxUnwritten;
        socket.setWriteQueueMaxSize(maxUnwritten);
        pipeline()
                .addBefore("handler", "mqttEncoder", MqttEncoder.INSTANCE)
                .addBefore("handler", TurnFlush.NAME, flush);
    }

    /** Begins to decode; larger packets are an error. */
    void decode(int maxFirst, int maxPacket) {
        frames.bounds(maxFirst, maxFirst);
        pipeline().addBefore("handler", "mqttFrames", frames);
        pipeline().addBefore("handler", "mqttDecoder", new MqttDecoder(maxPacket, MAX_CLIENT_ID));
    }

    /** The device is known: from now on a PUBLISH may be so large, and other packets as large as they need to be. */
    void accept(int maxPacket) {
        frames.bounds(maxPacket, Math.min(MAX_CONTROL, maxPacket));
    }

    /** Whether less than the bound waits to be read by the device. */
    boolean isOpen() {
        return channel().isWritable();
    }

    /** Whether so many bytes more stay within the bound; one packet may be larger than it. */
    boolean hasRoom(long size) {
        long free = channel().bytesBeforeUnwritable();
        return isOpen() && (size <= free || free >= maxUnwritten);
    }

    void write(MqttMessage packet) {
        ChannelHandlerContext context = socket.channelHandlerContext();
        ChannelFuture _ = context.writeAndFlush(packet, context.voidPromise());
    }

    /** Leaves what the device sends in the kernel. */
    void stopReading() {
        socket.pause();
        channel().config().setAutoRead(false);
    }

    void readOn() {
        channel().config().setAutoRead(true);
        socket.resume();
    }

    /** Closes after what was written is sent. */
    void close() {
        Future<Void> closed = socket.close();
        closed.onFailure(e -> LOGGER.trace("closing {}: {}", socket.remoteAddress(), e.getMessage()));
    }

    /** Closes at once: for a device that does not read. */
    void abort() {
        ChannelFuture _ = socket.channelHandlerContext().close();
    }

    private ChannelPipeline pipeline() {
        return socket.channelHandlerContext().pipeline();
    }

    private Channel channel() {
        return socket.channelHandlerContext().channel();
    }
}
