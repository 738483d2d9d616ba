// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

import dev.downlink.model.Json;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;

/** How a push of desired values ended. */
enum Pushed {
    /** The device said yes. Whether it is so it says by its next report. */
    ACCEPTED,
    /** The device answered with an error, or with something else. */
    REFUSED,
    TIMED_OUT,
    OFFLINE,
    /** None of the values is of a writable property that the model has now. */
    NOTHING_WRITABLE,
    FAILED,
    /** Not begun: the device had the same values not long ago and did not take them. */
    HELD_BACK,
    /** Not begun: too many wait. It is tried again when the device connects or reports. */
    DROPPED;

    /** Of a device's answer (southbound §2.5): without a result code it is a success. */
    static Pushed of(Json answer) {
        if (answer.equals(Json.NULL)) {
            return ACCEPTED;
        }
        Object code = Values.read(answer).get("result_code");
        return code == null || code.equals(0) ? ACCEPTED : REFUSED;
    }

    static Pushed of(Throwable why) {
        if (!(why instanceof Failed failed)) {
            return FAILED;
        }
        return switch (failed.failure()) {
            case Failure.CallTimedOut _ -> TIMED_OUT;
            case Failure.DeviceOffline _,
                    Failure.DeviceNeverConnected _,
                    Failure.GatewayOffline _,
                    Failure.DeviceFrozen _,
                    Failure.NotHere _ -> OFFLINE;
            default -> FAILED;
        };
    }
}
