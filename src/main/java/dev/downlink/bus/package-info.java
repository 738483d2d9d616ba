// SPDX-License-Identifier: Apache-2.0
/**
 * The one way from room to room: typed requests, answers and notices over the Vert.x event bus, of which this package is the
 * only user. Inside a node records travel by reference, between nodes as name and CBOR.
 */
@NullMarked
package dev.downlink.bus;

import org.jspecify.annotations.NullMarked;
