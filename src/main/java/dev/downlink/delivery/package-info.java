// SPDX-License-Identifier: Apache-2.0
/**
 * Durable downlink: stores messages, hands them to whoever holds the device's connection, records what became of them, and
 * ends those whose time is over. The table is the only queue; what is in memory here is who waits for an answer. One
 * instance per event loop.
 */
@NullMarked
package dev.downlink.delivery;

import org.jspecify.annotations.NullMarked;
