// SPDX-License-Identifier: Apache-2.0
/**
 * Simulated devices. They are clients: they reach the gateway over the network as every device does and know none of its
 * rooms.
 */
@NullMarked
package dev.downlink.simulator;

import org.jspecify.annotations.NullMarked;
