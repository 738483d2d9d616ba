// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

/** A request on its way within a node to any instance of a room. */
record Asked(Asks.Ask<?> ask) {}
