// SPDX-License-Identifier: Apache-2.0
package dev.downlink.uplink;

import dev.downlink.model.Subject;
import dev.downlink.telemetry.MeterName;
import dev.downlink.telemetry.Tally;
import dev.downlink.telemetry.Telemetry;

/** What one verticle instance counts. */
record Meters(Tally<LeftOut> leftOut, Tally<Subject> offered) {

    /** What a report names that there is not. */
    enum LeftOut {
        /** A device that is not the connection's own or below it, with all that is said of it. */
        DEVICE,
        /** A service that its product does not have, with its properties. */
        SERVICE,
        PROPERTY
    }

    static Meters of(Telemetry telemetry) {
        return new Meters(
                telemetry.tally(MeterName.UPLINK_LEFT_OUT, LeftOut.class),
                telemetry.tally(MeterName.UPLINK_OFFERED, Subject.class));
    }
}
