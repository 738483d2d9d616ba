// SPDX-License-Identifier: Apache-2.0
package dev.downlink.event;

import dev.downlink.protocol.PushRows.StoredEvent;

/**
 * The id that an event keeps however often it is sent, so that its receivers can drop what they have had: a UUID (RFC 9562,
 * version 8) of when it happened, the action it is meant for and its place in the outbox.
 */
final class EventId {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();
    private static final long MASK_62 = (1L << 62) - 1;

    private EventId() {}

    static String of(StoredEvent event) {
        StringBuilder out = new StringBuilder(36);
        write(out, event);
        return out.toString();
    }

    static void write(StringBuilder out, StoredEvent event) {
        long high = (event.happened().toEpochMilli() << 16) | 0x8000 | (event.action() & 0xfff);
        long low = (event.id() & MASK_62) | (1L << 63);
        hex(out, high, 60, 32);
        out.append('-');
        hex(out, high, 28, 16);
        out.append('-');
        hex(out, high, 12, 0);
        out.append('-');
        hex(out, low, 60, 48);
        out.append('-');
        hex(out, low, 44, 0);
    }

    private static void hex(StringBuilder out, long bits, int from, int to) {
        for (int shift = from; shift >= to; shift -= 4) {
            out.append(DIGITS[(int) (bits >>> shift) & 0xf]);
        }
    }
}
