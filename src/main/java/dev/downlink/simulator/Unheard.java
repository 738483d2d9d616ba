// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a device reported and was not acknowledged. The acknowledgements come in the order of the reports, so whoever is passed over gets
 * none any more. Belongs to the device.
 */
final class Unheard {
    private static final int MAX_PACKET_ID = 65_535;
    private static final int PATIENCE_SECONDS = 10;

    private final FleetCounts counts;
    private final Deque<Report> reports = new ArrayDeque<>(1);
    private int lastPacketId;

    private record Report(int packetId, int since, Heard heard) {}

    Unheard(FleetCounts counts) {
        this.counts = counts;
    }

    /** Returns the packet id to send it with. */
    int add(int now, Heard heard) {
        lastPacketId = lastPacketId % MAX_PACKET_ID + 1;
        reports.add(new Report(lastPacketId, now, heard));
        return lastPacketId;
    }

    void acknowledged(int packetId) {
        Report first = reports.poll();
        while (first != null && first.packetId != packetId) {
            end(first, false);
            first = reports.poll();
        }
        if (first != null) {
            end(first, true);
        }
    }

    void expire(int now) {
        Report first = reports.peek();
        while (first != null && now - first.since > PATIENCE_SECONDS) {
            end(reports.remove(), false);
            first = reports.peek();
        }
    }

    /** The connection is lost. */
    void forget() {
        expire(Integer.MAX_VALUE);
    }

    private void end(Report report, boolean acknowledged) {
        (acknowledged ? counts.reports : counts.unheard).increment();
        report.heard.ended(acknowledged);
    }
}
