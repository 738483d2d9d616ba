// SPDX-License-Identifier: Apache-2.0
/**
 * The one way from room to room: typed requests, answers and notices over the Vert.x event bus, of which this package is the
 * only user. Inside a node records travel by reference, between nodes as name and CBOR. What goes from event loop to event loop
 * of a node travels together ({@link dev.downlink.bus.Loop}), and needs neither an address nor a timer of its own
 * ({@link dev.downlink.bus.Asks}).
 */
@NullMarked
package dev.downlink.bus;

import org.jspecify.annotations.NullMarked;
