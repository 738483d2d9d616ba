// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import dev.downlink.protocol.Request;

/**
 * A request on its way within a node.
 *
 * @param answers where the asker's event loop takes its {@link Reply}
 * @param number what the reply has to repeat
 */
record Asked(Request<?> request, String answers, long number) {}
