// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

/**
 * How many messages are kept for a device, and what happens to one that is too many.
 *
 * @param max messages kept per device, whatever their status
 */
public record MessageCache(int max, Overflow overflow) {
    public static final int LARGEST = 1000;

    public MessageCache {
        if (max < 1 || max > LARGEST) {
            throw new InvalidField("max_messages", "must be from 1 to " + LARGEST);
        }
    }

    /** What happens when a message comes and as many as may be are kept. */
    public enum Overflow {
        /** The oldest is given up, also one that is pending (southbound §4). */
        REPLACE_OLDEST,
        /** The new one is refused while all that are kept are pending. */
        REFUSE
    }
}
