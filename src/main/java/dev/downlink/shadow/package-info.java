// SPDX-License-Identifier: Apache-2.0
/**
 * Shadows of devices: what is wanted of each and what it said last. Reported values gather for a moment before they are
 * written, the last of each property; what is wanted and not reported is pushed to the device, when it connects, when it
 * reports something else, and when the wish changes. One instance per event loop; an instance owns the values that were
 * reported to it and the pushes that it has in hand.
 */
@NullMarked
package dev.downlink.shadow;

import org.jspecify.annotations.NullMarked;
