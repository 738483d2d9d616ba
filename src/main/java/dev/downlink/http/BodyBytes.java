// SPDX-License-Identifier: Apache-2.0
package dev.downlink.http;

/** A body that was read whole; shared, so nobody may change the bytes. */
final class BodyBytes {
    private final byte[] bytes;

    BodyBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }
}
