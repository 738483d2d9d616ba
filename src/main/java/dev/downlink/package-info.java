// SPDX-License-Identifier: Apache-2.0
/**
 * The program: its commands, the order in which a process comes up and goes down, and {@link dev.downlink.Rooms}, the table
 * of what runs where.
 */
@NullMarked
package dev.downlink;

import org.jspecify.annotations.NullMarked;
