// SPDX-License-Identifier: Apache-2.0
/**
 * The process: the order in which a {@link dev.downlink.Gateway} comes up and goes down, {@link dev.downlink.Rooms}, the table of
 * what runs where, and the main class.
 */
@NullMarked
package dev.downlink;

import org.jspecify.annotations.NullMarked;
