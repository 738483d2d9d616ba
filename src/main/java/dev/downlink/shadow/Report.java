// SPDX-License-Identifier: Apache-2.0
package dev.downlink.shadow;

/** What becomes of the values that a device reports of one service. */
enum Report {
    /** Taken, to be written with those that come before and after. */
    TAKEN,
    /** A row was written, of however many reports. */
    WRITTEN,
    /** Not in the product's model, or the device is gone. */
    UNKNOWN,
    /** Refused, because too much waits. */
    BUSY,
    /** Given up, because too much waits while the database is away, or at the end. */
    LOST
}
