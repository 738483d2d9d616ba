// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

/** The answer of a request that only has to succeed. */
public record Done() {
    public static final Done DONE = new Done();
}
