// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.model.DeviceId;
import dev.downlink.protocol.AdapterRequest.CloseConnection;
import dev.downlink.protocol.Failure;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static final RecordCodec<Record> RECORDS = RecordCodec.ofRecords();

    @Test
    void recordComesBackFromTheMiddleOfABuffer() {
        Record sent = new CloseConnection(new DeviceId("d"), 7, CloseConnection.Why.TAKEN_OVER);
        Buffer buffer = Buffer.buffer("before");
        RECORDS.encodeToWire(buffer, sent);

        assertThat(RECORDS.decodeFromWire(6, buffer.appendString("behind"))).isEqualTo(sent);
    }

    @Test
    void recordOfALaterVersionIsARefusalAndNotSilence() {
        byte[] name = "protocol.LaterRequest".getBytes(StandardCharsets.US_ASCII);
        Buffer buffer = Buffer.buffer().appendInt(name.length + 3).appendByte((byte) name.length);
        buffer.appendBytes(name).appendByte((byte) 0xbf).appendByte((byte) 0xff);

        assertThat(RECORDS.decodeFromWire(0, buffer))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.failure()).isInstanceOf(Failure.Internal.class));
    }
}
