// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

import dev.downlink.model.DeviceId;
import dev.downlink.mqtt.Meters.Dropped;
import dev.downlink.mqtt.Receipts.Receipt;
import dev.downlink.protocol.UplinkRequest.ReportProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Properties that devices report, of their own and of their sub-devices (southbound §2.6). Belongs to one verticle instance. */
final class Reports {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reports.class);
    /** As large as a packet may be that is not packed. */
    static final int MAX_UNPACKED = 1024 * 1024;

    private final Intake intake;
    private final Handing handing;
    private final Adapter adapter;

    Reports(Intake intake, Handing handing, Adapter adapter) {
        this.intake = intake;
        this.handing = handing;
        this.adapter = adapter;
    }

    void own(DeviceConnection connection, Receipt receipt, boolean packed, MqttPublishMessage packet) {
        DeviceId device = connection.session().device();
        take(connection, receipt, packed, packet, payload -> ReportBody.ofDevice(device, payload));
    }

    void subDevices(DeviceConnection connection, Receipt receipt, boolean packed, MqttPublishMessage packet) {
        take(connection, receipt, packed, packet, ReportBody::ofSubDevices);
    }

    private interface Parser {
        ReportBody parse(byte[] payload) throws IOException;
    }

    private void take(
            DeviceConnection connection, Receipt receipt, boolean packed, MqttPublishMessage packet, Parser parser) {
        try {
            byte[] payload = intake.payload(connection, packet, packed, MAX_UNPACKED);
            take(connection.session().device(), receipt, payload.length, parser.parse(payload));
        } catch (IOException e) {
            // its message may quote the payload
            receipt.drop(Dropped.REPORT_UNREADABLE, PubAck.PAYLOAD_FORMAT_INVALID);
        }
    }

    private void take(DeviceId connection, Receipt receipt, int size, ReportBody body) {
        if (body.nameless() > 0) {
            adapter.meters().namelessParts().add(body.nameless());
            if (adapter.logs().permits()) {
                LOGGER.warn("device={} left out of its report: {} parts without a name", connection, body.nameless());
            }
        }
        if (body.reports().isEmpty()) {
            receipt.settle(PubAck.SUCCESS);
        } else {
            handing.hand(receipt, size, new ReportProperties(connection, body.reports()));
        }
    }
}
