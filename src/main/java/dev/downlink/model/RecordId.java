// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Place of a record in a list: 24 hexadecimal digits that grow with time, so that "newest first" and "smaller than the
 * marker" are one comparison (northbound §0.2).
 */
public record RecordId(String value) {
    /** Greater than every id: a list that starts here starts at its newest record. */
    public static final RecordId LAST = new RecordId("ffffffffffffffffffffffff");

    private static final int PROCESS = new SecureRandom().nextInt();
    private static final AtomicInteger COUNTER = new AtomicInteger(new SecureRandom().nextInt());

    public RecordId {
        Text.hex("marker", value, 24);
    }

    /** An id for a record made at {@code now}: seconds, process, counter. */
    public static RecordId next(Instant now) {
        HexFormat hex = HexFormat.of();
        return new RecordId(hex.toHexDigits((int) now.getEpochSecond())
                + hex.toHexDigits(COUNTER.incrementAndGet())
                + hex.toHexDigits(PROCESS));
    }

    @Override
    public String toString() {
        return value;
    }
}
