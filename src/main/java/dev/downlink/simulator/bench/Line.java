// SPDX-License-Identifier: Apache-2.0
package dev.downlink.simulator.bench;

import io.vertx.core.Future;

/** A way to send commands, one at a time. Belongs to the event loop it was made on. */
interface Line {
    /** The outcome of a command that went well; every other outcome is the code of an error. */
    String OK = "ok";

    Future<Void> open();

    /**
     * Sends a command to a device.
     *
     * @param device number in the series
     * @param ending is told the outcome, once
     */
    void send(int device, Ending ending);

    Future<Void> close();

    /** Hears how a command ended. */
    interface Ending {
        void ended(String outcome);
    }
}
