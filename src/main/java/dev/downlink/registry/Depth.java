// SPDX-License-Identifier: Apache-2.0
package dev.downlink.registry;

/** The bounds of gateways and their children (northbound §1.3). */
final class Depth {
    /** Levels of sub-devices below a device that connects by itself. */
    static final int MAX = 2;

    static final int MAX_CHILDREN = 50_000;

    private Depth() {}
}
