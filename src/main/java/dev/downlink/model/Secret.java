// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import java.nio.charset.StandardCharsets;

/** A text that must never be printed: a device secret, a secret key, a password. */
public record Secret(String value) {
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "***";
    }
}
