// SPDX-License-Identifier: Apache-2.0
package dev.downlink.mqtt;

/**
 * What a device may send in one second. PUBLISH has its own count, so that the acknowledgements of what the gateway sends
 * take nothing away from what the device has to say. Belongs to one connection.
 */
final class Allowance {
    /** So many other packets as PUBLISH packets may come. */
    private static final int CONTROL_SHARE = 10;

    private final int maxPublishes;
    private final int maxBytes;
    private int tick;
    private int publishes;
    private int others;
    private long bytes;

    /** @param maxBytes of all packets together */
    Allowance(int maxPublishes, int maxBytes) {
        this.maxPublishes = maxPublishes;
        this.maxBytes = maxBytes;
    }

    /** Counts a PUBLISH; true when the device has had its share of this second. */
    boolean isSpentByPublish(int now, int size) {
        begin(now);
        publishes++;
        bytes += size;
        return publishes >= maxPublishes || bytes >= maxBytes;
    }

    /** Counts any other packet likewise. */
    boolean isSpentByOther(int now, int size) {
        begin(now);
        others++;
        bytes += size;
        return others >= (long) CONTROL_SHARE * maxPublishes || bytes >= maxBytes;
    }

    /** Counts bytes that were found packed in a PUBLISH. */
    boolean isSpentByUnpacked(int now, int size) {
        begin(now);
        bytes += size;
        return bytes >= maxBytes;
    }

    private void begin(int now) {
        if (tick != now) {
            tick = now;
            publishes = 0;
            others = 0;
            bytes = 0;
        }
    }
}
