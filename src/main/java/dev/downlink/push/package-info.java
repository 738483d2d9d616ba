// SPDX-License-Identifier: Apache-2.0
/**
 * Sends what happened to the applications that asked for it: takes events out of the outbox, in order per device, and gives each
 * to the sink of its action, until it is accepted, too old, or put aside.
 */
@NullMarked
package dev.downlink.push;

import org.jspecify.annotations.NullMarked;
