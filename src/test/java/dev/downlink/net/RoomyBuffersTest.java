// SPDX-License-Identifier: Apache-2.0
package dev.downlink.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoomyBuffersTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseEncoder());

    @AfterEach
    void close() {
        assertThat(channel.finishAndReleaseAll()).isFalse();
    }

    @Test
    void answerLeavesInOneBuffer() {
        RoomyBuffers.of(channel);

        List<String> written = write("x".repeat(400));

        assertThat(written)
                .singleElement()
                .satisfies(all ->
                        assertThat(all).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + "x".repeat(400)));
    }

    @Test
    void answerThatIsLongerThanMostIsNotCopied() {
        RoomyBuffers.of(channel);

        List<String> written = write("x".repeat(4000));

        assertThat(written).hasSize(2);
        assertThat(written.getLast()).isEqualTo("x".repeat(4000));
    }

    @Test
    void withoutThemHeaderAndBodyAreTwo() {
        assertThat(write("x".repeat(400))).hasSize(2);
    }

    @Test
    void boundOfABufferHolds() {
        RoomyBuffers.of(channel);

        ByteBuf small = channel.alloc().directBuffer(8, 16);

        assertThat(small.capacity()).isEqualTo(16);
        assertThat(small.release()).isTrue();
    }

    private List<String> write(String body) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII));
        response.headers().set("content-length", body.length());
        assertThat(channel.writeOutbound(response)).isTrue();
        List<String> written = new ArrayList<>();
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            written.add(buffer.toString(StandardCharsets.US_ASCII));
            buffer.release();
        }
        return written;
    }
}
