// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import java.time.Duration;

/** What became of one attempt to send an event. */
sealed interface Fate {
    Fate ACCEPTED = new Accepted();
    Fate RETURNED = new Returned();

    /** It is the receiver's now, which the receiver has confirmed. */
    record Accepted() implements Fate {}

    /** It came back untouched, by no fault of anybody: a consumer went away. To be sent again at once. */
    record Returned() implements Fate {}

    /** The receiver answered that it does not take this event; it may take others. */
    record Refused(String why) implements Fate {}

    /**
     * Nobody could say whether the receiver takes it. To be sent again.
     *
     * @param after how long the receiver asked to be left alone, zero when it said nothing
     */
    record Failed(String why, Duration after) implements Fate {
        Failed(String why) {
            this(why, Duration.ZERO);
        }
    }
}
