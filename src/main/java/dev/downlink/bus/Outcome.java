// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

/** What became of a request. */
enum Outcome {
    OK,
    /** A failure of the table of errors. */
    REFUSED,
    /** A bug. */
    FAILED,
    /** The room had too much in hand. */
    BUSY,
    /** No answer in time. */
    NO_ANSWER,
    /** Nobody listens there. */
    NOBODY
}
