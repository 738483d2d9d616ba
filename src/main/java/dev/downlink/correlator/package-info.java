// SPDX-License-Identifier: Apache-2.0
/**
 * Synchronous calls: finds out who holds the device, has the call published, keeps the asker's future until the device's
 * answer or the deadline comes. One instance per event loop; an instance owns the calls it has taken.
 */
@NullMarked
package dev.downlink.correlator;

import org.jspecify.annotations.NullMarked;
