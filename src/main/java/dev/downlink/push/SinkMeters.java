// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.telemetry.Level;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Sizes;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;

/**
 * What the sinks of one instance of the room count together.
 *
 * @param records given to Kafka and not yet settled
 * @param gathered events in files that are not yet written
 */
record SinkMeters(Level records, Level producers, Level gathered, Tally<FileOutcome> files, Sizes fileBytes) {

    /** How the writing of a file ended. */
    enum FileOutcome {
        WRITTEN,
        FAILED
    }

    static SinkMeters of(Telemetry telemetry) {
        return new SinkMeters(
                telemetry.level(MeterName.PUSH_RECORDS),
                telemetry.level(MeterName.PUSH_PRODUCERS),
                telemetry.level(MeterName.PUSH_GATHERED),
                telemetry.tally(MeterName.PUSH_FILES, FileOutcome.class),
                telemetry.sizes(MeterName.PUSH_FILE_BYTES));
    }
}
