// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Id of one synchronous call: the application sees it as command_id or request_id, the device as request_id. It is a
 * UUID of version 8 (RFC 9562 §5.8) whose bits name the correlator instance that waits for the answer, so that whichever
 * adapter receives the answer knows where to send it:
 *
 * <pre>
 * 32 bits node | 16 random | version 8 | 12 bits instance || variant | 62 random
 * </pre>
 */
public record RequestId(UUID value) {
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000000000000000L;
    private static final int MAX_INSTANCE = 0xfff;

    /** A fresh id of the given correlator instance, which is a number from 0 to 4095. */
    public static RequestId next(int node, int instance) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (long) node << 32 | (random.nextInt() & 0xffff0000L) | VERSION | (instance & MAX_INSTANCE);
        long low = random.nextLong() >>> 2 | VARIANT;
        return new RequestId(new UUID(high, low));
    }

    /** Reads what a device put into its topic; empty when it is not one of our ids. */
    public static Optional<RequestId> parse(String text) {
        if (text.length() != 36) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.version() == 8 && id.variant() == 2 ? Optional.of(new RequestId(id)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public int node() {
        return (int) (value.getMostSignificantBits() >>> 32);
    }

    public int instance() {
        return (int) value.getMostSignificantBits() & MAX_INSTANCE;
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
