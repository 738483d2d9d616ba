// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what devices publish, packed and unpacked, and does not read those on who have had their share of the second (southbound
 * §3.6). Belongs to one verticle instance.
 */
final class Intake {
    private static final Logger LOGGER = LoggerFactory.getLogger(Intake.class);

    private final Adapter adapter;

    Intake(Adapter adapter) {
        this.adapter = adapter;
    }

    void count(DeviceConnection connection, MqttPublishMessage packet) {
        int size = packet.fixedHeader().remainingLength();
        adapter.meters().uplinkBytes().add(size);
        int now = adapter.connections().seconds();
        throttle(connection, connection.session().allowance().isSpentByPublish(now, size));
    }

    private void throttle(DeviceConnection connection, boolean spent) {
        if (spent) {
            LOGGER.debug("{} publishes too much and is not read until the next second", connection);
            adapter.connections().throttle(connection);
        }
    }

    /**
     * The payload of a packet, unpacked when the topic says that it is packed.
     *
     * @param maxUnpacked in bytes
     * @throws IOException when it cannot be unpacked or is too large then
     */
    byte[] payload(DeviceConnection connection, MqttPublishMessage packet, boolean packed, int maxUnpacked)
            throws IOException {
        byte[] payload = ByteBufUtil.getBytes(packet.payload());
        return packed ? unpack(connection, payload, maxUnpacked) : payload;
    }

    /** What is unpacked counts too, as much as could have been when it fails. */
    private byte[] unpack(DeviceConnection connection, byte[] packed, int max) throws IOException {
        int size = max;
        try {
            byte[] bytes = unpack(packed, max);
            size = bytes.length;
            return bytes;
        } finally {
            int now = adapter.connections().seconds();
            throttle(connection, connection.session().allowance().isSpentByUnpacked(now, size));
        }
    }

    private static byte[] unpack(byte[] packed, int max) throws IOException {
        if (packed.length == 0) {
            return packed;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new IOException("larger than " + max + " bytes when unpacked");
            }
            return bytes;
        }
    }
}
